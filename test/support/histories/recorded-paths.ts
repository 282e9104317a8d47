import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createObserve } from '../../../src/activities/observe/observe.js';
import type { SliceResult } from '../../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../../src/domain/figures/tally.js';
import { pauseUpdate, resumeUpdate, tuneUpdate } from '../../../src/workflows/operator-messages.js';
import { progressQuery } from '../../../src/workflows/progress-messages.js';
import { Barrier } from '../fakes/barrier.js';
import { complete, layoutOf, realRuns, runFakeMigration, type FakeRun, type MigrationHandle } from '../fakes/fake-migration.js';
import { Flag } from '../fakes/flag.js';
import { tallyOf } from '../fakes/tally-of.js';
import { partialWhenCancelled } from '../programs/running-slice.js';
import { until } from '../until.js';
import { recordedLooks } from './recorded-looks.js';

/**
 * The owner of a history: the migration, its first partition, the last run that the partition continued as, or a
 * workflow without partitions.
 */
export type HistoryRole = 'root' | 'partition' | 'continued' | 'alone';

/** A path through the workflows whose histories are kept. */
export interface RecordedPath {
  /** The name of its files. It is never reused for another recording. */
  readonly name: string;
  readonly roles: readonly HistoryRole[];
  /** Values of the server, each as `KEY=JSON`. */
  readonly dynamicConfig?: readonly string[];
  /** Takes the path, and fails if the workflow ends in another way. */
  readonly run: (env: TestWorkflowEnvironment) => Promise<{ readonly handle: WorkflowHandle }>;
}

const both = ['root', 'partition'] as const;

/** All paths with recorded histories. Recordings stay; new code is recorded under a new name. */
export const recordedPaths: readonly RecordedPath[] = [
  { name: 'complete', roles: both, run: runsToTheEnd },
  { name: 'partial-slice', roles: both, run: handsBackParts },
  { name: 'blocked-canary', roles: both, run: isReleasedByItsCanary },
  { name: 'waiting-slice', roles: both, run: waitsForAStore },
  { name: 'blocked-resumed', roles: both, run: isReleasedByTheOperator },
  { name: 'too-many-failures', roles: both, run: isReleasedByAcceptingFailures },
  { name: 'pause-drain', roles: both, run: (env) => isPausedAndResumed(env, 'drain') },
  { name: 'pause-now', roles: both, run: (env) => isPausedAndResumed(env, 'now') },
  { name: 'tune', roles: both, run: isTuned },
  { name: 'cancel', roles: both, run: isCancelled },
  { name: 'cancel-without-bucket', roles: ['root'], run: isCancelledWithoutItsBucket },
  { name: 'resume-after-termination', roles: ['root'], run: isResumedAfterATermination },
  { name: 'final-failure', roles: both, run: failsWithItsPartition },
  { name: 'final-failure-ends-observe', roles: ['root'], run: failsWithItsPartition },
  { name: 'verification', roles: ['root'], run: isConcluded },
  { name: 'prepare-refused', roles: ['root'], run: isRefusedByPrepare },
  {
    name: 'continue-as-new',
    roles: ['root', 'partition', 'continued'],
    dynamicConfig: ['limit.historyCount.suggestContinueAsNew=30'],
    run: continuesAsNew,
  },
  { name: 'plan-unclaimed', roles: both, run: findsUnclaimed },
  ...recordedLooks,
];

async function runsToTheEnd(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const fake = { layout: layoutOf(3, 2), searchAttributes: true };
  return ended(await runFakeMigration(env, fake), 'completed');
}

async function findsUnclaimed(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const fake = { layout: layoutOf(2, 2), isPlan: true, unclaimed: true };
  return ended(await runFakeMigration(env, fake), 'completed');
}

async function isConcluded(env: TestWorkflowEnvironment): Promise<FakeRun> {
  return ended(await runFakeMigration(env, { layout: layoutOf(1, 2), verify: true }), 'completed');
}

async function continuesAsNew(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const attempts = new Map<number, number>();
  const run = await runFakeMigration(env, {
    layout: layoutOf(1, 8),
    moveSlice: async (task) => {
      const attempt = (attempts.get(task.slice) ?? 0) + 1;
      attempts.set(task.slice, attempt);
      return attempt < 4 ? { state: 'partial', tally: tallyOf(attempt) } : complete(task);
    },
  });
  return ended(run, 'completed');
}

async function handsBackParts(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let attempts = 0;
  const run = await runFakeMigration(env, {
    layout: layoutOf(1, 3),
    moveSlice: async (task) => {
      if (task.slice !== 1) return complete(task);
      attempts += 1;
      return attempts < 3 ? { state: 'partial', tally: tallyOf(attempts) } : complete(task);
    },
  });
  return ended(run, 'completed');
}

async function isReleasedByItsCanary(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let canaries = 0;
  const run = await runFakeMigration(env, {
    layout: layoutOf(2, 2),
    searchAttributes: true,
    moveSlice: async (task) => {
      if (task.canary === true) canaries += 1;
      // The first canary is refused, the second gets through, and the other slice follows.
      return task.partition > 0 || canaries > 1 ? complete(task) : blocked('account east');
    },
  });
  return ended(run, 'completed');
}

async function waitsForAStore(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let attempts = 0;
  const run = await runFakeMigration(env, {
    layout: layoutOf(1, 2),
    moveSlice: async (task) => {
      if (task.slice > 0 || (attempts += 1) > 2) return complete(task);
      const waits = { what: 'target archive', class: 'TargetNetwork', message: 'no route', units: 10 } as const;
      const waiting = [{ ...waits, since: '2026-01-01T00:00:00.000Z' }];
      return { state: 'waiting', tally: emptyTally, retryInMs: 1_000, waiting };
    },
  });
  return ended(run, 'completed');
}

async function isReleasedByTheOperator(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let open = false;
  let refused = 0;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(2, 1),
      moveSlice: async (task) => {
        if (open) return complete(task);
        refused += 1;
        return blocked('target archive');
      },
    },
    async (handle) => {
      await until('both are blocked', () => refused === 2);
      open = true;
      await handle.executeUpdate(resumeUpdate, { args: [{}] });
    },
  );
  return ended(run, 'completed');
}

async function isReleasedByAcceptingFailures(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const layout = layoutOf(3, 1, 5);
  const blockedSeen = new Flag();
  const tally = { ...tallyOf(2), units: { ...tallyOf(2).units, failed: 3 } };
  const run = await runFakeMigration(
    env,
    {
      layout,
      prepare: async () => ({ epoch: 1, layout, failedUnits: { kind: 'count', count: 2 } as const }),
      moveSlice: async (task) => {
        if (task.partition === 2) await blockedSeen.raised;
        return { state: 'complete', tally };
      },
    },
    async (handle) => {
      await phaseIs(handle, 'blocked');
      await handle.executeUpdate(resumeUpdate, { args: [{ acceptFailures: true }] });
      blockedSeen.raise();
    },
  );
  return ended(run, 'completed-with-failures');
}

async function isPausedAndResumed(env: TestWorkflowEnvironment, mode: 'drain' | 'now'): Promise<FakeRun> {
  const running = new Barrier(2);
  let paused = false;
  let resumed = false;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(3, 2),
      slots: 2,
      observe: createObserve(realRuns(env)),
      moveSlice: async (task) => {
        if (resumed) return complete(task);
        // What was queued when the pause began comes and goes.
        if (paused) return { state: 'partial', tally: emptyTally };
        await running.pass();
        if (mode === 'now') return partialWhenCancelled();
        await until('the pause has begun', () => paused);
        return complete(task);
      },
    },
    async (handle) => {
      await until('two slices run', () => running.most === 2);
      await handle.executeUpdate(pauseUpdate, { args: [{ mode }] });
      paused = true;
      await phaseIs(handle, 'paused');
      resumed = true;
      await handle.executeUpdate(resumeUpdate, { args: [{}] });
    },
  );
  return ended(run, 'completed');
}

async function isTuned(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const tuned = new Flag();
  const run = await runFakeMigration(
    env,
    { layout: layoutOf(3, 2), moveSlice: (task) => tuned.raised.then(() => complete(task)) },
    async (handle) => {
      await handle.executeUpdate(tuneUpdate, { args: [{ unitsInFlight: 9 }] });
      await handle.executeUpdate(tuneUpdate, { args: [{ bytesPerSecond: 1_000_000 }] });
      tuned.raise();
    },
  );
  return ended(run, 'completed');
}

async function isCancelled(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const running = new Barrier(2);
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(3, 2),
      searchAttributes: true,
      slots: 2,
      moveSlice: async () => {
        await running.pass();
        return partialWhenCancelled();
      },
    },
    async (handle) => {
      await until('two slices run', () => running.most === 2);
      await handle.cancel();
    },
  );
  return ended(run, 'cancelled');
}

async function isCancelledWithoutItsBucket(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const running = new Flag();
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(1, 1),
      cleanUp: async () => {
        throw ApplicationFailure.nonRetryable('the bucket is gone', 'TargetMissing');
      },
      moveSlice: async () => {
        running.raise();
        return partialWhenCancelled();
      },
    },
    async (handle) => {
      await running.raised;
      await handle.cancel();
    },
  );
  return ended(run, 'cancelled');
}

async function isResumedAfterATermination(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const running = new Flag();
  let terminated = false;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(3, 1),
      moveSlice: async (task) => {
        if (terminated) return complete(task);
        running.raise();
        return partialWhenCancelled();
      },
    },
    async (handle, again) => {
      await running.raised;
      terminated = true;
      await handle.terminate('by hand');
      return again();
    },
  );
  return ended(run, 'completed');
}

async function failsWithItsPartition(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const otherRuns = new Flag();
  const run = await runFakeMigration(env, {
    layout: layoutOf(3, 2),
    moveSlice: async (task) => {
      if (task.partition === 0) {
        await otherRuns.raised;
        throw ApplicationFailure.nonRetryable('epoch 1 was taken over by epoch 2', 'Superseded');
      }
      otherRuns.raise();
      return partialWhenCancelled();
    },
  });
  return ended(run, 'failed');
}

async function isRefusedByPrepare(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const run = await runFakeMigration(env, {
    layout: layoutOf(2, 2),
    searchAttributes: true,
    prepare: async () => {
      throw ApplicationFailure.nonRetryable('account east refused the credential', 'SourceAuth');
    },
  });
  return ended(run, 'failed');
}

function blocked(what: string): SliceResult {
  return { state: 'blocked', tally: emptyTally, what, class: 'SourceAuth', message: 'expired', deferred: 10 };
}

function phaseIs(handle: MigrationHandle, phase: string): Promise<void> {
  return until(`the phase is ${phase}`, async () => (await handle.query(progressQuery)).phase === phase);
}

function ended(run: FakeRun, phase: string): FakeRun {
  if (run.memo.phase === phase) return run;
  throw new Error(`a path that ends as ${phase} ended as ${run.memo.phase}`, { cause: run.error });
}
