import { beforeAll, describe, expect, it } from 'vitest';
import { watchMigration } from '../support/programs/await-migration.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { killWorker, workerPid } from '../support/faults/kill-workers.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { pendingSlices } from '../support/faults/pending-slices.js';
import { PutGate } from '../support/faults/put-gate.js';
import { finishTimes, repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { bringUpAgain } from '../support/servers/stack-parts.js';
import { until } from '../support/until.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('a migration that is paused at once', () => {
  const own = useProxiedStack();
  let migration: GeneratedMigration;

  beforeAll(async () => {
    migration = await generateProxied(own, 'pauses', { units: 120, seed: 10, bigUnitRawBytes: 0 });
  }, 300_000);

  it('while its worker dies, and while its slices fail, loses nothing and does nothing twice', async () => {
    const { stack, stores, s3 } = own;
    const gate = new PutGate(stores, migration);
    const passing = stores.target.plan;
    const watched = watchMigration(stack, migration);
    // Nothing moves at these times, so whoever claims a slice later does not compete with a zombie.
    const atRest: number[] = [];

    gate.holdFrom(30);
    await until('30 units are stored', () => finishTimes(migration, stores.requests).size >= 30);
    await run('pause', migration.name, '--now');
    killWorker(await workerPid(stack));
    atRest.push(performance.now());
    await bringUpAgain(stack);
    await paused();
    gate.release();
    gate.holdFrom(70);
    await run('resume', migration.name);
    await until('70 units are stored', () => finishTimes(migration, stores.requests).size >= 70);

    stores.target.plan = () => ({ kind: 'busy' });
    await until('slices have failed and wait for another attempt', async () =>
      (await pendingSlices(stack, migration)).some(({ lastFailure }) => lastFailure === 'TargetThrottled'),
    );
    await run('pause', migration.name, '--now');
    await paused();
    atRest.push(performance.now());
    stores.target.plan = passing;
    gate.release();

    await run('dev', 'down', '--state-dir', stack.stateDir);
    await bringUpAgain(stack);
    const requests = stores.requests.length;
    // Longer than the heartbeat timeout, the longest time that a slice may be silent.
    await until('the pause has lasted', () => performance.now() - (atRest.at(-1) ?? 0) > 12_000);
    expect(stores.requests.slice(requests).filter(({ kind }) => kind !== 'other')).toEqual([]);
    await run('resume', migration.name);
    await watched.ended();

    await expectRightOutcome(s3, migration);
    expect(repeatedReads(migration, stores.requests, atRest)).toEqual([]);

    async function paused(): Promise<void> {
      await until('the migration is paused', async () => {
        const { document } = await runLonghaulJson<{ phase: string }>(['status', migration.name], stack.environment);
        return document.phase === 'paused';
      });
      expect(await pendingSlices(stack, migration)).toEqual([]);
    }

    async function run(...args: string[]): Promise<void> {
      const { exitCode, stderr } = await runLonghaul(args, stack.environment);
      expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
    }
  });
});
