import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import type { SharedStack, StackStatusDocument } from '../support/servers/e2e-stack.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { killWorker, workerPid } from '../support/faults/kill-workers.js';
import { runLonghaul, runLonghaulJson, startLonghaul } from '../support/programs/longhaul-program.js';
import { startStack, type StartedStack } from '../support/servers/start-stack.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';
import { until } from '../support/until.js';

describe('a worker killed in the middle of a migration', () => {
  let own: StartedStack;
  let stack: SharedStack;
  let s3: ReturnType<typeof s3Client>;
  let migration: GeneratedMigration;

  beforeAll(async () => {
    own = await startStack();
    stack = own.stack;
    s3 = s3Client(stack);
    migration = await generateMigration(stack, 'killed', { units: 300, seed: 2, bigUnitRawBytes: 0 });
  }, 300_000);
  afterAll(async () => {
    s3.destroy();
    await own.end();
  });

  it('loses nothing: every object is right, and no blob of a unit with a receipt is read again', async () => {
    // Silent slices go to another worker after ten seconds instead of a minute.
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n');
    const worker = await workerPid(stack);
    const watched = startLonghaul(['start', migration.migrationPath, '--watch', '--json'], stack.environment);
    await until(
      '40 units have a receipt',
      async () => (await readReceipts(s3, migration.bucket, 'killed')).length >= 40,
    );

    killWorker(worker);
    const receipts = await readReceipts(s3, migration.bucket, 'killed');
    const readsBefore = blobReads(sourceRequests(stack)).length;
    expect(receipts.length, 'the worker was killed in the middle').toBeLessThan(300);

    const up = await runLonghaul(['dev', 'up', '--state-dir', stack.stateDir]);
    expect(up, up.stderr).toMatchObject({ exitCode: 0 });
    const { document: status } = await runLonghaulJson<StackStatusDocument>([
      'dev',
      'status',
      '--state-dir',
      stack.stateDir,
    ]);
    expect(status.parts.every((part) => part.alive)).toBe(true);

    const { exitCode, stdout } = await watched;
    expect({ exitCode, units: (JSON.parse(stdout) as { units: unknown }).units }).toMatchObject({
      exitCode: 0,
      units: { total: 300, done: 300, failed: 0, empty: 0 },
    });

    const withReceipt = new Set(receipts.map((receipt) => receipt['id']));
    const proven = new Set(
      migration.expected
        .filter((unit) => withReceipt.has(unit.id))
        .flatMap((unit) => unit.wantedBlobNames.map((blob) => `/prod${blob.account}/${blob.container}/${blob.name}`)),
    );
    const readAfter = blobReads(sourceRequests(stack)).slice(readsBefore);
    expect(readAfter.length).toBeGreaterThan(0);
    expect(readAfter.filter((path) => proven.has(path))).toEqual([]);

    const objects = await readObjects(s3, migration.bucket, 'units/');
    expect([...objects.keys()]).toEqual(migration.expected.map((unit) => unit.key).sort());
    for (const unit of migration.expected) {
      if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
      expect(objects.get(unit.key), unit.id).toMatchObject({ sha256: unit.sha256, rawBytes: unit.rawBytes });
    }
    const all = await readReceipts(s3, migration.bucket, 'killed');
    expect(all.map((receipt) => receipt['index']).sort((a, b) => Number(a) - Number(b))).toEqual(
      migration.expected.map((_unit, index) => index),
    );
  });
});
