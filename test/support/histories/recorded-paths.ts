import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { SliceResult } from '../../../src/domain/slice-report.js';
import { emptyTally } from '../../../src/domain/tally.js';
import { pauseUpdate, resumeUpdate, tuneUpdate } from '../../../src/workflows/operator-messages.js';
import { progressQuery } from '../../../src/workflows/messages.js';
import { Barrier } from '../fakes/barrier.js';
import { complete, layoutOf, runFakeMigration, tallyOf, type FakeRun, type MigrationHandle } from '../fakes/fake-migration.js';
import { Flag } from '../fakes/flag.js';
import { partialWhenCancelled } from '../programs/running-slice.js';
import { until } from '../until.js';

/** The owner of a history: the migration, its first partition, or the last run that the partition continued as. */
export type HistoryRole = 'root' | 'partition' | 'continued';

/** A path through the workflows whose histories are kept. */
export interface RecordedPath {
  /** The name of its files. It is never reused for another recording. */
  readonly name: string;
  readonly roles: readonly HistoryRole[];
  /** Values of the server, each as `KEY=JSON`. */
  readonly dynamicConfig?: readonly string[];
  /** Takes the path, and fails if the migration ends in another way. */
  readonly run: (env: TestWorkflowEnvironment) => Promise<FakeRun>;
}

const both = ['root', 'partition'] as const;

/** All paths with recorded histories. Recordings stay; new code is recorded under a new name. */
export const recordedPaths: readonly RecordedPath[] = [
  { name: 'complete', roles: both, run: runsToTheEnd },
  { name: 'partial-slice', roles: both, run: handsBackParts },
  { name: 'blocked-probed', roles: both, run: isReleasedByTheProbe },
  { name: 'blocked-resumed', roles: both, run: isReleasedByTheOperator },
  { name: 'too-many-failures', roles: both, run: isReleasedByAcceptingFailures },
  { name: 'pause-drain', roles: both, run: (env) => isPausedAndResumed(env, 'drain') },
  { name: 'pause-now', roles: both, run: (env) => isPausedAndResumed(env, 'now') },
  { name: 'tune', roles: both, run: isTuned },
  { name: 'cancel', roles: both, run: isCancelled },
  { name: 'final-failure', roles: both, run: failsWithItsPartition },
  { name: 'prepare-refused', roles: ['root'], run: isRefusedByPrepare },
  {
    name: 'continue-as-new',
    roles: ['root', 'partition', 'continued'],
    dynamicConfig: ['limit.historyCount.suggestContinueAsNew=30'],
    run: async (env) => ended(await runFakeMigration(env, { layout: layoutOf(1, 8), slicesInFlight: 2 }), 'completed'),
  },
];

async function runsToTheEnd(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const fake = { layout: layoutOf(3, 2), slicesInFlight: 2, searchAttributes: true };
  return ended(await runFakeMigration(env, fake), 'completed');
}

async function handsBackParts(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let attempts = 0;
  const run = await runFakeMigration(env, {
    layout: layoutOf(1, 3),
    slicesInFlight: 1,
    moveSlice: async (task) => {
      if (task.slice !== 1) return complete(task);
      attempts += 1;
      return attempts < 3 ? { state: 'partial', tally: tallyOf(attempts) } : complete(task);
    },
  });
  return ended(run, 'completed');
}

async function isReleasedByTheProbe(env: TestWorkflowEnvironment): Promise<FakeRun> {
  let open = false;
  const run = await runFakeMigration(env, {
    layout: layoutOf(2, 2),
    slicesInFlight: 1,
    searchAttributes: true,
    probe: async () => {
      open = true;
    },
    moveSlice: async (task) => (task.partition > 0 || open ? complete(task) : blocked('account east')),
  });
  return ended(run, 'completed');
}

async function isReleasedByTheOperator(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const probed = new Flag();
  let open = false;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(2, 1),
      slicesInFlight: 1,
      probe: async () => {
        probed.raise();
        throw new Error('still forbidden');
      },
      moveSlice: async (task) => (open ? complete(task) : blocked('target archive')),
    },
    async (handle) => {
      await probed.raised;
      open = true;
      await handle.executeUpdate(resumeUpdate, { args: [{}] });
    },
  );
  return ended(run, 'completed');
}

async function isReleasedByAcceptingFailures(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const layout = layoutOf(3, 1, 5);
  const tally = { ...tallyOf(2), units: { ...tallyOf(2).units, failed: 3 } };
  const run = await runFakeMigration(
    env,
    {
      layout,
      slicesInFlight: 1,
      prepare: async () => ({ epoch: 1, layout, failedUnits: { kind: 'count', count: 2 } as const }),
      moveSlice: async () => ({ state: 'complete', tally }),
    },
    async (handle) => {
      await phaseIs(handle, 'blocked');
      await handle.executeUpdate(resumeUpdate, { args: [{ acceptFailures: true }] });
    },
  );
  return ended(run, 'completed-with-failures');
}

async function isPausedAndResumed(env: TestWorkflowEnvironment, mode: 'drain' | 'now'): Promise<FakeRun> {
  const running = new Barrier(2);
  const go = new Flag();
  let resumed = false;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(3, 2),
      slicesInFlight: 2,
      moveSlice: async (task) => {
        if (resumed) return complete(task);
        await running.pass();
        if (mode === 'now') return partialWhenCancelled();
        await go.raised;
        return complete(task);
      },
    },
    async (handle) => {
      await until('two slices run', () => running.most === 2);
      await handle.executeUpdate(pauseUpdate, { args: [{ mode }] });
      go.raise();
      await phaseIs(handle, 'paused');
      resumed = true;
      await handle.executeUpdate(resumeUpdate, { args: [{}] });
    },
  );
  return ended(run, 'completed');
}

async function isTuned(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const wide = new Barrier(3);
  const narrowed = new Flag();
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(3, 2),
      slicesInFlight: 1,
      moveSlice: async (task) => {
        if (wide.most < 3) await wide.pass();
        await narrowed.raised;
        return complete(task);
      },
    },
    async (handle) => {
      await until('a slice runs', () => wide.most > 0);
      await handle.executeUpdate(tuneUpdate, { args: [{ slicesInFlight: 3, unitsInFlight: 9 }] });
      await until('three slices run at once', () => wide.most === 3);
      await handle.executeUpdate(tuneUpdate, { args: [{ slicesInFlight: 1 }] });
      narrowed.raise();
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
      slicesInFlight: 2,
      searchAttributes: true,
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

async function failsWithItsPartition(env: TestWorkflowEnvironment): Promise<FakeRun> {
  const otherRuns = new Flag();
  const run = await runFakeMigration(env, {
    layout: layoutOf(3, 2),
    slicesInFlight: 2,
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
    slicesInFlight: 2,
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
