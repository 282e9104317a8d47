import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { useBzip2 } from '../support/corpora/bzip2.js';
import {
  azureService,
  generateMigration,
  repeatMigration,
  s3Client,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';

describe('a units file that is elsewhere, or compressed', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  const bzip2 = useBzip2();
  let migration: GeneratedMigration;

  beforeAll(async () => {
    migration = await generateMigration(stack, 'elsewhere', { units: 4, seed: 2, bigUnitRawBytes: 0 });
    const units = await readFile(migration.unitsPath);
    await writeFile(join(migration.directory, 'packed.csv.bz2'), await bzip2(units));
    const container = azureService(stack, 'prodeast').getContainerClient('lists');
    await container.createIfNotExists();
    await container.getBlockBlobClient('of/units.csv.bz2').uploadData(await bzip2(units));
    await container.getBlockBlobClient('of/cut.csv.bz2').uploadData((await bzip2(units)).subarray(0, 100));
    await s3.send(new PutObjectCommand({ Bucket: migration.bucket, Key: 'of/units.csv.gz', Body: gzipSync(units) }));
  });
  afterAll(() => {
    s3.destroy();
  });

  const movedBy = (name: string, from: string) =>
    repeatMigration(stack, migration, name, (text) => text.replace(/from: .*units\.csv.*/, `from: "${from}"`));

  it.each([
    ['beside-bz2', 'packed.csv.bz2'],
    ['in-azure', 'az://east/lists/of/units.csv.bz2'],
    ['in-s3', 's3://elsewhere-bucket/of/units.csv.gz'],
  ])('is read: %s', async (name, from) => {
    const moved = await movedBy(name, from);
    const run = await runLonghaulJson<object>(['start', moved.migrationPath, '--watch'], stack.environment);
    expect(run, run.stderr).toMatchObject({ exitCode: 0, document: { units: { total: 4, done: 4 } } });
    await expectRightOutcome(s3, moved);
  });

  it.each([
    ['cut', 'az://east/lists/of/cut.csv.bz2', 'is not whole bzip2'],
    ['missing-in-azure', 'az://east/lists/none.csv', 'does not exist'],
    ['missing-in-s3', 's3://elsewhere-bucket/none.csv', 'does not exist'],
    ['of-no-account', 'az://north/lists/none.csv', 'has no account north'],
  ])('is refused by name: %s', async (name, from, words) => {
    const moved = await movedBy(name, from);
    const run = await runLonghaul(['start', moved.migrationPath], stack.environment);
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(words) as string });
  });
});
