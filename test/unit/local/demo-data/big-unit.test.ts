import { createGzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { bigUnitIndex, planDemoUnit } from '../../../../src/local/demo-data/plan-demo-unit.js';
import { writeLogLines } from '../../../../src/local/demo-data/write-log-lines.js';

const partSizeBytes = 8 * 1024 * 1024;

it('makes one unit whose gzip spans three parts of 8 MiB', async () => {
  const content = { seed: 1, units: 300 };
  const unit = planDemoUnit(content, bigUnitIndex(content.units));
  const gzip = createGzip({ level: 6 });
  let gzipBytes = 0;
  gzip.on('data', (bytes: Buffer) => (gzipBytes += bytes.length));
  let rawBytes = 0;
  for (const blob of unit.blobs) {
    const plain = writeLogLines(content, unit, blob);
    rawBytes += plain.length;
    gzip.write(plain);
  }
  await new Promise((resolve) => gzip.end(resolve));
  expect(unit.blobs).toHaveLength(40);
  expect(gzipBytes).toBeGreaterThan(2 * partSizeBytes + 1024 * 1024);
  expect(rawBytes).toBeLessThan(25_000_000);
});

it('makes the unit as large as it is told, or like the others', () => {
  const size = (bigUnitRawBytes: number): number =>
    planDemoUnit({ seed: 1, units: 4, bigUnitRawBytes }, 1).blobs.reduce((sum, blob) => sum + blob.rawBytes, 0);
  expect(size(1_000_000)).toBe(1_000_000);
  expect(planDemoUnit({ seed: 1, units: 4, bigUnitRawBytes: 0 }, 1).blobs.some((blob) => blob.dense)).toBe(false);
});
