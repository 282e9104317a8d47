import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { killWorkerProcesses, workerPid } from '../support/faults/kill-workers.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('a unit whose every move kills the processes of its worker', () => {
  const own = useProxiedStack();
  const units = 20;

  it('is parked as poison, and every other unit is done', async () => {
    const { stack, stores, s3 } = own;
    const migration = await generateMigration(
      stack,
      'poison',
      { units, seed: 8, bigUnitRawBytes: 0 },
      stores.endpoints,
    );
    // Each death costs this and a growing pause.
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 3s\n');
    const poison = migration.expected[0];
    const [blob] = poison?.wantedBlobNames ?? [];
    if (poison === undefined || blob === undefined) throw new Error('the first unit has no blob');
    const worker = await workerPid(stack);
    let deaths = 0;
    stores.onArrival = ({ kind, path }) => {
      if (kind !== 'read blob' || !path.endsWith(`/${blob.container}/${blob.name}`)) return;
      // As when a machine runs out of memory. The parent restarts them.
      killWorkerProcesses(worker);
      deaths += 1;
    };

    const { exitCode, document, stderr } = await runLonghaulJson<{ phase: string }>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );
    console.log(`poison: ${String(deaths)} deaths`);

    expect({ exitCode, document }, stderr).toMatchObject({
      ...{ exitCode: 3 },
      document: { phase: 'completed-with-failures', units: { total: units, done: units - 1, failed: 1 } },
    });
    expect(deaths).toBe(6);
    const failed = await runLonghaulJson<{ failures: readonly unknown[] }>(
      ['failures', migration.migrationPath],
      stack.environment,
    );
    expect(failed.document.failures).toMatchObject([
      { id: poison.id, class: 'Poison', next: expect.stringContaining('retry') as string },
    ]);
    const objects = await readObjects(s3, migration.bucket, 'units/');
    const receipts = await readReceipts(s3, migration.bucket, migration.name);
    expect(receipts).toHaveLength(units);
    for (const unit of migration.expected) {
      const states = receipts.filter(({ id }) => id === unit.id).map(({ state }) => state);
      expect(states, unit.id).toEqual([unit === poison ? 'failed' : expect.stringMatching(/^(done|found)$/)]);
      expect(objects.get(unit.key)?.sha256, unit.id).toBe(
        unit === poison || unit.state !== 'done' ? undefined : unit.sha256,
      );
    }
  });
});
