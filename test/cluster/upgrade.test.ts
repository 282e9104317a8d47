import { execa } from 'execa';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildVersion } from '../support/cluster/build-version.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { thisVersion } from '../support/cluster/worker-host.js';
import { PutGate } from '../support/faults/put-gate.js';
import { repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import type { MigrationStatus } from '../support/programs/migration-status.js';
import { generateProxied } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

/** The version before this one. Once there are releases, that of the last one. */
const versionBefore = 'fdc079852d956457ef59ff699fed3735ebcdec0c';

describe('workers that are upgraded one host after the other while a migration runs', () => {
  const cluster = useCluster([]);

  it('continue what the version before has begun, and it continues what they have begun', async () => {
    const { stack, stores, s3 } = cluster;
    const before = await buildVersion(versionBefore);
    const units = 150;
    const migration = await generateProxied(cluster, 'upgraded', { units, seed: 16, bigUnitRawBytes: 0 });
    const gate = new PutGate(stores, migration);
    const drains: number[] = [];
    const [first, second] = ['worker-1', 'worker-2'] as const;
    for (const host of [first, second]) await cluster.start(host, { dist: before });

    /** Lets a sixth of the units pass, then starts another version on a host, while the next ones are held. */
    async function replace(host: string, dist: string, step: number): Promise<void> {
      const due = Math.floor((step * units) / 6);
      gate.release();
      gate.holdFrom(due);
      await until(`${String(due)} units are stored`, () => gate.stored >= due);
      await cluster.workers.get(host)?.drain();
      drains.push(performance.now());
      await cluster.start(host, { dist });
    }

    gate.holdFrom(0);
    const start = [join(before, 'client.js'), 'start', migration.migrationPath];
    await execa(process.execPath, start, { env: stack.environment });
    await replace(first, thisVersion, 1);
    await replace(second, thisVersion, 2);
    await replace(first, before, 3);
    await replace(second, before, 4);
    await replace(first, thisVersion, 5);
    gate.release();
    const { exitCode, document } = await runLonghaulJson<MigrationStatus>(['watch', 'upgraded'], stack.environment);

    expect({ exitCode, ...document }).toMatchObject({ exitCode: 0, phase: 'completed', units: { done: units } });
    await expectRightOutcome(s3, migration);
    expect(repeatedReads(migration, stores.requests, drains)).toEqual([]);
  });
});
