import { execa } from 'execa';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportFault } from '../support/cluster/fault-report.js';
import { playFault, type FaultMoment, type PlayedFault } from '../support/cluster/play-fault.js';
import { temporalServices } from '../support/cluster/temporal-cluster.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { generateProxied } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

describe('on a cluster of two worker hosts, Temporal with PostgreSQL, and stores elsewhere, a migration', () => {
  const cluster = useCluster();
  let undisturbed: GeneratedMigration;

  beforeAll(async () => {
    undisturbed = await generateProxied(cluster, 'undisturbed', { units: 120, seed: 15, bigUnitRawBytes: 0 });
    await watchMigration(cluster.stack, undisturbed).ended();
    await expectRightOutcome(cluster.s3, undisturbed);
  }, 600_000);

  /** Plays a fault, and writes down what was seen. */
  async function played(
    name: string,
    fault: string,
    play: (moment: FaultMoment) => Promise<PlayedFault>,
  ): Promise<void> {
    await reportFault(fault, await playFault(cluster, undisturbed, name, play));
  }

  it.each(temporalServices)("survives kill -9 of Temporal's %s service", async (service) => {
    await played(`killed-${service}`, `\`kill -9\` of Temporal's ${service} service`, async ({ goOn }) => {
      const atMs = performance.now();
      await cluster.temporal.kill(service);
      goOn();
      await cluster.temporal.start(service);
      return { atMs, backMs: performance.now() };
    });
  });

  it('survives kill -9 of PostgreSQL, which recovers', async () => {
    await played('killed-postgres', '`kill -9` of PostgreSQL', async ({ goOn }) => {
      const { postgres } = cluster.temporal;
      const atMs = performance.now();
      await postgres.kill();
      goOn();
      await postgres.start();
      return { atMs, backMs: performance.now() };
    });
  });

  it('is completed by the other host when one is killed with kill -9', async () => {
    await played('killed-host', '`kill -9` of a worker host', async () => {
      const atMs = performance.now();
      await cluster.workers.get('worker-1')?.kill();
      return { atMs, deathsMs: [performance.now()] };
    });
    await cluster.start('worker-1');
  });

  it('is completed by the other host while one is cut off from Temporal, and fences it off', async () => {
    await played('cut-off-temporal', 'a worker host is cut off from Temporal', async ({ goOn, takenOver }) => {
      const host = cluster.workers.get('worker-1')!.host;
      const atMs = performance.now();
      await host.cut('temporal');
      // A slice has eight units and moves two at once: so it outlives the heartbeat timeout of ten seconds.
      goOn(5_000);
      try {
        await until('the other host has taken a slice over', () => takenOver(atMs).length > 0);
      } finally {
        await host.mend('temporal');
      }
      return { atMs, backMs: performance.now() };
    });
  });

  it.each([
    ['a worker host is cut off from the stores', 'cut-off-stores', () => cluster.workers.get('worker-1')!.host],
    ['the stores are cut off from all hosts', 'stores-cut-off', () => cluster.storesHost],
  ])('says what it waits for while %s, and continues afterwards', async (fault, name, hostOf) => {
    await played(name, fault, async ({ goOn, migration }) => {
      const host = hostOf();
      const atMs = performance.now();
      await host.cut('stores');
      goOn();
      try {
        await until('status says what is waited for', async () => {
          const { waiting = [], blocked = [] } = (await migrationStatus(cluster.stack, migration.name)) ?? {};
          return waiting.length + blocked.length > 0;
        });
      } finally {
        await host.mend('stores');
      }
      return { atMs, backMs: performance.now() };
    });
  });

  it.each([
    ['an hour ahead', 3_600],
    ['an hour behind', -3_600],
  ])('is completed by a host whose clock is %s', async (name, seconds) => {
    const library = join(cluster.folder, 'shifted-clock.so');
    const source = new URL('../support/cluster/shifted-clock.c', import.meta.url).pathname;
    await execa('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    await played(`clock-${name.replaceAll(' ', '-')}`, `a host whose clock is ${name} does the rest`, async () => {
      const environment = { LD_PRELOAD: library, CLOCK_SHIFT_SECONDS: String(seconds) };
      const atMs = performance.now();
      for (const host of ['worker-1', 'worker-2']) await cluster.workers.get(host)?.drain();
      const deathsMs = [performance.now()];
      await cluster.start('worker-1', { environment });
      return { atMs, backMs: performance.now(), deathsMs };
    });
    await cluster.workers.get('worker-1')?.drain();
    for (const host of ['worker-1', 'worker-2']) await cluster.start(host);
    expect(cluster.workers.size).toBe(2);
  });

  it('is completed by the other host while one sleeps for ten minutes, and fences it off when it wakes', async () => {
    await played('asleep', 'a worker host sleeps for ten minutes and wakes', async ({ goOn, takenOver }) => {
      const worker = cluster.workers.get('worker-1')!;
      const atMs = performance.now();
      worker.sleep();
      // What it held back is sent when it wakes: whoever claimed its slices meanwhile has finished them.
      goOn();
      await until('the other host has taken its slices over', () => takenOver(atMs).length > 0);
      await until('it has slept', () => performance.now() - atMs > sleepMs, 2 * sleepMs);
      worker.wake();
      const backMs = performance.now();
      // Then it has ended the attempts that it has slept through.
      await worker.drain();
      return { atMs, backMs };
    });
    await cluster.start('worker-1');
  });
});

const sleepMs = Number(process.env['LONGHAUL_TEST_SLEEP_SECONDS'] ?? 600) * 1_000;
