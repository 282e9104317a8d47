import { describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { watchMigration } from '../support/programs/await-migration.js';
import type { SharedStack } from '../support/servers/e2e-stack.js';
import { stopWorker, workerPid } from '../support/faults/kill-workers.js';
import { ledgerWrites } from '../support/faults/ledger-writes.js';
import type { ProxiedStores } from '../support/servers/proxied-stores.js';
import { finishTimes, repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { smallBlobs } from '../support/migrations/generated-migration.js';
import { until } from '../support/until.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

const workerProgram = new URL('../../dist/worker.js', import.meta.url).pathname;

describe('a worker that is stopped for longer than the heartbeat timeout', () => {
  const own = useProxiedStack();

  it('wakes up beside the worker that took its slices over, and changes nothing', async () => {
    const { stack, stores, s3 } = own;
    const migration = await generateProxied(own, 'stopped', { units: 100, seed: 6, ...smallBlobs });
    const first = await workerPid(stack);
    let stopped: readonly number[] | undefined;
    stores.onArrival = ({ kind }) => {
      if (kind !== 'read blob' || finishTimes(migration, stores.requests).size < 20) return;
      stopped ??= stopWorker(first);
    };
    const watched = watchMigration(stack, migration);
    await until('the first worker is stopped', () => stopped !== undefined);
    stores.onArrival = () => undefined;
    const openLedgers = claimedAndOpen(stores);

    await withSecondWorker(stack, async () => {
      await until('a slice of the stopped worker has been taken over', () =>
        [...claimedTwice(stores)].some((ledger) => openLedgers.has(ledger)),
      );
      for (const pid of stopped ?? []) process.kill(pid, 'SIGCONT');
      await watched.ended();
    });

    await expectRightOutcome(s3, migration);
    expect(repeatedReads(migration, stores.requests, [])).toEqual([]);
  });
});

/** Runs a second worker meanwhile. It must drain in order. */
async function withSecondWorker({ environment }: SharedStack, meanwhile: () => Promise<void>): Promise<void> {
  const worker = execa(process.execPath, [workerProgram], { env: environment, stdin: 'ignore', reject: false });
  try {
    await meanwhile();
  } finally {
    worker.kill('SIGTERM');
    await worker;
  }
  expect(await worker).toMatchObject({ exitCode: 0 });
}

function claimedAndOpen({ requests }: ProxiedStores): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { ledger, kind } of ledgerWrites(requests)) {
    if (kind === 'close') open.delete(ledger);
    else open.add(ledger);
  }
  return open;
}

function claimedTwice({ requests }: ProxiedStores): ReadonlySet<string> {
  const claims = ledgerWrites(requests).filter(({ kind }) => kind === 'claim');
  return new Set(
    claims
      .filter(({ ledger }, index) => claims.findIndex((claim) => claim.ledger === ledger) < index)
      .map((claim) => claim.ledger),
  );
}
