import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Damage } from '../../src/local/demo-data/damage.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { listKeys, readObjects, readReceipts } from '../support/programs/target-objects.js';

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

  it('can be traced by a blob, and forgotten with the uploads left open, while the objects stay', async () => {
    const failed = migration.expected.find((unit) => unit.state === 'failed' && unit.badBlob !== null);
    if (failed?.state !== 'failed' || failed.badBlob === null) throw new Error('no unit has a bad blob');
    const { account, container, name } = failed.badBlob;
    const line = ['trace', migration.migrationPath, `az://${account}/${container}/${name}`];
    const traced = await runLonghaulJson<{ units: object[] }>(line, stack.environment);
    expect(traced, traced.stderr).toMatchObject({ exitCode: 0 });
    expect(traced.document.units).toMatchObject([{ id: failed.id, state: 'failed', object: null }]);

    const upload = { Bucket: migration.bucket, Key: 'units/left-open' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
    await s3.send(
      new PutObjectCommand({
        Bucket: migration.bucket,
        Key: '.longhaul/damaged/r0000/uploads/7.json',
        Body: JSON.stringify({ format: 1, key: upload.Key, uploadId: UploadId }),
      }),
    );
    const objects = await listKeys(s3, migration.bucket, 'units/');
    const forgotten = await runLonghaulJson(['forget', migration.migrationPath, '--yes'], stack.environment);
    expect(forgotten, forgotten.stderr).toMatchObject({ exitCode: 0, document: { uploadsAborted: 1 } });
    expect(await listKeys(s3, migration.bucket)).toEqual(objects);
    const left = await s3.send(new ListMultipartUploadsCommand({ Bucket: migration.bucket }));
    expect(left.Uploads ?? []).toEqual([]);
    const status = await runLonghaulJson(['failures', migration.migrationPath], stack.environment);
    expect(status.exitCode, status.stderr).toBe(5);
  });
});
