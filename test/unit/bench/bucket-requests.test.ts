import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countPuts, middleRate, readBucketRequests } from '../../../bench/lib/in-memory/bucket-requests.js';

it('adds up what the processes of all workers say, in order of time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-requests-'));
  writeFileSync(join(folder, '1'), JSON.stringify({ puts: [[12, 5], [10, 1]], heads: 2 })); // prettier-ignore
  writeFileSync(join(folder, '2'), JSON.stringify({ puts: [[11, 3], [12, 4]], heads: 0 })); // prettier-ignore
  const requests = readBucketRequests(folder);
  rmSync(folder, { recursive: true });

  expect(requests).toEqual({ puts: [[10, 1], [11, 3], [12, 9]], heads: 2 }); // prettier-ignore
  expect(countPuts(requests)).toBe(13);
});

it('the rate is that of the middle, without the beginning and the end', () => {
  const steady = Array.from({ length: 80 }, (_unused, index) => [100 + index, 10] as const);
  const puts = [[20, 100] as const, ...steady, [500, 100] as const];
  expect(middleRate({ puts })).toBeCloseTo(100, 6);
});
