import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';

interface StatusDocument {
  readonly name: string;
  readonly workflowId: string;
  readonly phase: string;
  readonly units: Readonly<Record<string, number>>;
  readonly blobs: { readonly done: number };
  readonly bytes: { readonly source: number; readonly raw: number; readonly target: number };
  readonly webUi: string | null;
}

describe('a migration of generated data through the built program', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let migration: GeneratedMigration;

  beforeAll(async () => {
    migration = await generateMigration(stack, 'orders', { units: 40 });
  });
  afterAll(() => {
    s3.destroy();
  });

  const ownReads = () => blobReads(sourceRequests(stack)).filter((path) => path.includes('-orders/'));

  it('moves every unit into one object with the expected bytes, and makes no other object', async () => {
    const run = await runLonghaulJson<StatusDocument>(['start', migration.migrationPath, '--watch'], stack.environment);

    expect(run.stderr).not.toMatch(/AccountKey|SharedKey|sig=/);
    expect(run).toMatchObject({
      exitCode: 0,
      document: { name: 'orders', workflowId: 'migration/orders', phase: 'completed' },
    });
    expect(run.document.units).toMatchObject({ total: 40, done: 40, found: 0, empty: 0, failed: 0 });
    expect(run.document.webUi).toContain('/namespaces/default/workflows/migration');

    const objects = await readObjects(s3, migration.bucket, 'units/');
    expect([...objects.keys()]).toEqual(migration.expected.map((unit) => unit.key).sort());
    for (const unit of migration.expected) {
      if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
      expect(objects.get(unit.key), unit.id).toMatchObject({ sha256: unit.sha256, rawBytes: unit.rawBytes });
    }
    expect(run.document.bytes.raw).toBe([...objects.values()].reduce((sum, object) => sum + object.rawBytes, 0));
    expect(run.document.blobs.done).toBe(migration.expected.reduce((sum, unit) => sum + unit.blobs, 0));
  });

  it('leaves one receipt a unit, with the blobs, their order and the digests', async () => {
    const receipts = await readReceipts(s3, migration.bucket, 'orders');

    expect(receipts.map((receipt) => receipt['id']).sort()).toEqual(migration.expected.map((unit) => unit.id).sort());
    for (const unit of migration.expected) {
      if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
      const receipt = receipts.find((candidate) => candidate['id'] === unit.id);
      expect(receipt, unit.id).toMatchObject({
        state: 'done',
        key: unit.key,
        blobs: unit.blobs,
        raw: { sha256: unit.sha256, crc32: unit.crc32 },
        manifest: { blobs: unit.wantedBlobNames },
      });
    }
  });

  it('publishes the large unit with a multipart upload of at least three parts', async () => {
    const receipts = await readReceipts(s3, migration.bucket, 'orders');
    const parts = receipts.map((receipt) => (receipt['target'] as { readonly parts: number }).parts);

    expect(Math.max(...parts)).toBeGreaterThanOrEqual(3);
    expect(parts.filter((count) => count === 1)).toHaveLength(39);
  });

  it('reads every wanted blob exactly once and no other', () => {
    const wanted = migration.expected.flatMap((unit) =>
      unit.wantedBlobNames.map((blob) => `/${blob.container}/${blob.name}`),
    );
    const read = ownReads().map((path) => path.replace(/^\/[^/]+/, ''));

    expect(read.sort()).toEqual(wanted.sort());
  });

  it('moves nothing when started again', async () => {
    const before = await readObjects(s3, migration.bucket, 'units/');
    const readsBefore = ownReads().length;

    const again = await runLonghaulJson<StatusDocument>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );

    expect(again).toMatchObject({ exitCode: 0, document: { phase: 'completed', units: { total: 40, done: 40 } } });
    expect(await readObjects(s3, migration.bucket, 'units/')).toEqual(before);
    expect(ownReads()).toHaveLength(readsBefore);
  });

  it('is reported on one page, and with the same figures as JSON', async () => {
    const page = join(migration.directory, 'report.html');
    const written = await runLonghaul(['report', 'orders', '-o', page], stack.environment);
    const { exitCode, document } = await runLonghaulJson<object>(['report', 'orders'], stack.environment);

    expect(written, written.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(page, 'utf8')).toMatch(/<title>[^<]*orders[^]*<svg[^]*<\/html>\s*$/);
    expect({ exitCode, document }).toMatchObject({
      exitCode: 0,
      document: {
        ...{ phase: 'completed', units: { total: 40, done: 40, failed: 0, open: 0 } },
        objects: { count: 40, blobs: migration.expected.reduce((sum, unit) => sum + unit.blobs, 0) },
      },
    });
  });

  it('is shown by status, by name and by file, as text and as JSON', async () => {
    const byName = await runLonghaulJson<StatusDocument>(['status', 'orders'], stack.environment);
    const byFile = await runLonghaulJson<StatusDocument>(['status', migration.migrationPath], stack.environment);
    const text = await runLonghaul(['status', 'orders'], stack.environment);

    expect(byName).toMatchObject({ exitCode: 0, document: { phase: 'completed', units: { total: 40, done: 40 } } });
    expect(byFile.document.units).toEqual(byName.document.units);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/completed[^]*40/);
  });

  it('is refused with what changed when its definition has changed', async () => {
    const changed = migration.migrationPath.replace('migration.yaml', 'changed.yaml');
    const text = await readFile(migration.migrationPath, 'utf8');
    await writeFile(changed, text.replace('whenEmpty: fail', 'whenEmpty: skip'));

    const refused = await runLonghaul(['start', changed], stack.environment);

    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/whenEmpty/);
  });
});
