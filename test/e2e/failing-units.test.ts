import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Damage } from '../../src/local/demo-data/damage.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';

const damages: readonly Damage[] = [
  'no-blobs',
  'zero-bytes',
  'truncated',
  'end-missing',
  'block-crc',
  'stream-crc',
  'is-gzip',
  'is-html',
  'is-plain',
  'trailing-byte',
  'trailing-text',
  'trailing-zeros',
  'junk-between-streams',
];

describe('units whose blobs are missing or damaged', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let migration: GeneratedMigration;

  beforeAll(async () => {
    const damage = new Map(damages.map((kind, position) => [position * 2, kind]));
    migration = await generateMigration(stack, 'damaged', { units: 30, seed: 3, bigUnitRawBytes: 0, damage });
  });
  afterAll(() => {
    s3.destroy();
  });

  it('fail alone, each with its class and the name of the blob, and publish nothing', async () => {
    const run = await runLonghaulJson<{ phase: string; units: Record<string, number> }>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );

    expect(run, run.stderr).toMatchObject({ exitCode: 3, document: { phase: 'completed-with-failures' } });
    expect(run.document.units).toMatchObject({ total: 30, done: 30 - damages.length, failed: damages.length });

    const receipts = await readReceipts(s3, migration.bucket, 'damaged');
    const objects = await readObjects(s3, migration.bucket, 'units/');
    for (const unit of migration.expected) {
      const receipt = receipts.find((candidate) => candidate['id'] === unit.id);
      if (unit.state === 'done') {
        expect(receipt, unit.id).toMatchObject({ state: 'done' });
        expect(objects.get(unit.key), unit.id).toMatchObject({ sha256: unit.sha256 });
      } else {
        expect(receipt, unit.id).toMatchObject({ state: 'failed', message: expect.any(String) as string });
        expect(String(receipt?.['class']).split('/')[0], unit.id).toBe(unit.class.split('/')[0]);
        if (unit.badBlob !== null) {
          const { account, container, name } = unit.badBlob;
          expect(receipt?.['blob'], unit.id).toBe(`${account}/${container}/${name}`);
        }
        expect(objects.has(unit.key), unit.id).toBe(false);
      }
    }
  });
});
