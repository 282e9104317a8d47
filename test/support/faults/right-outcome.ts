import { expect } from 'vitest';
import type { S3Client } from '@aws-sdk/client-s3';
import type { GeneratedMigration } from '../migrations/generated-migration.js';
import { readObjects, readReceipts } from '../programs/target-objects.js';

/** Expects every object to be there with the right bytes, no other objects, and one matching receipt for each unit. */
export async function expectRightOutcome(s3: S3Client, migration: GeneratedMigration): Promise<void> {
  const objects = await readObjects(s3, migration.bucket, 'units/');
  expect([...objects.keys()]).toEqual(migration.expected.map((unit) => unit.key).sort());
  const receipts = await readReceipts(s3, migration.bucket, migration.name);
  const byIndex = [...receipts].sort((a, b) => Number(a['index']) - Number(b['index']));
  expect(byIndex.map((receipt) => receipt['index'])).toEqual(migration.expected.map((_unit, index) => index));
  for (const [index, unit] of migration.expected.entries()) {
    if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
    const object = objects.get(unit.key);
    expect(object, unit.id).toMatchObject({ sha256: unit.sha256, rawBytes: unit.rawBytes });
    const receipt = byIndex[index];
    expect(['done', 'found'], unit.id).toContain(receipt?.['state']);
    expect(receipt, unit.id).toMatchObject({
      id: unit.id,
      raw: { sha256: unit.sha256, crc32: unit.crc32 },
      target: { etag: object?.etag },
      manifest: { blobs: unit.wantedBlobNames },
    });
  }
}
