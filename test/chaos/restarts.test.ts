import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { watchMigration } from '../support/programs/await-migration.js';
import { drainWorkers } from '../support/programs/drain-workers.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { ledgerWrites } from '../support/faults/ledger-writes.js';
import { pendingSlices } from '../support/faults/pending-slices.js';
import type { ProxiedStores } from '../support/servers/proxied-stores.js';
import { PutGate } from '../support/faults/put-gate.js';
import { finishTimes, repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { bringUpAgain } from '../support/servers/stack-parts.js';
import { readReceipts } from '../support/programs/target-objects.js';
import { until } from '../support/until.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('a worker drained and started again ten times in a row', () => {
  // No more slices than slots, so that each is at work between any two restarts: one that was interrupted queues behind
  // those that have not begun. A process of the stack takes four, and there is one for each core.
  const units = Math.min(220, 8 * 4 * availableParallelism());
  const restarts = 10;
  const own = useProxiedStack();

  it('loses nothing, reads no finished unit again, and resumes its slices a second later each time', async () => {
    const { stack, stores, s3 } = own;
    const content = { units, seed: 9, bigUnitRawBytes: 0 };
    const migration = await generateMigration(stack, 'restarts', content, stores.endpoints);
    const gate = new PutGate(stores, migration);
    const held = `/${migration.bucket}/${migration.expected[0]?.key ?? ''}`;
    // Its slice is interrupted each time.
    const last = holdBack(stores, held);
    const stored = (): number => finishTimes(migration, stores.requests).size;
    const watched = watchMigration(stack, migration);
    const downs: number[] = [];
    let first = 0;

    for (let restart = 1; restart <= restarts; restart += 1) {
      gate.release();
      gate.holdFrom(Math.floor((restart * units) / (restarts + 1)));
      await until('units are stored, and the first is held', () => isHeld(restart) && stored() >= gate.stored);
      // What the previous worker had sent may have been stored since. This one need not know of it.
      const known = finishTimes(migration, stores.requests.slice(first));
      await drainWorkers(stack);
      downs.push(performance.now());

      const keys = new Set((await readReceipts(s3, migration.bucket, migration.name)).map(({ key }) => key));
      expect(
        [...known.keys()].filter((key) => !keys.has(key)),
        'stored, but without a receipt',
      ).toEqual([]);
      const interrupted = (await pendingSlices(stack, migration)).filter(
        ({ lastFailure }) => lastFailure !== undefined,
      );
      console.log(
        interrupted.map(({ attempt, retryAfterMs }) => `attempt ${attempt} after ${retryAfterMs} ms`).join(', '),
      );
      expect(interrupted.length).toBeGreaterThan(0);
      expect(new Set(interrupted.map(({ lastFailure }) => lastFailure))).toEqual(new Set(['WorkerShutdown']));
      expect(Math.max(...interrupted.map(({ attempt }) => attempt))).toBeGreaterThan(restart);
      expect(Math.max(...interrupted.map(({ retryAfterMs }) => retryAfterMs))).toBeLessThanOrEqual(1_000);
      first = stores.requests.length;
      await bringUpAgain(stack);
    }
    gate.release();
    last.release();
    await watched.ended();

    const claims = ledgerWrites(stores.requests).filter(({ kind }) => kind === 'claim');
    const firstClaims = downs.map((downMs) => claims.find(({ arrivedMs }) => arrivedMs > downMs)?.arrivedMs);
    console.log(
      `first claim after s: ${firstClaims.map((ms, at) => (((ms ?? 0) - downs[at]!) / 1_000).toFixed(1)).join(', ')}`,
    );
    await expectRightOutcome(s3, migration);
    expect(repeatedReads(migration, stores.requests, downs)).toEqual([]);

    function isHeld(restart: number): boolean {
      const since = downs[restart - 2] ?? 0;
      return stores.requests.some(
        ({ fault, path, arrivedMs }) => fault?.kind === 'hold' && path === held && arrivedMs > since,
      );
    }
  });
});

/** Holds back the puts of one object until released. */
function holdBack(stores: ProxiedStores, heldPath: string): { readonly release: () => void } {
  const { plan } = stores.target;
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  stores.target.plan = (request) =>
    request.kind === 'put object' && request.path === heldPath ? { kind: 'hold', until } : plan(request);
  return { release };
}
