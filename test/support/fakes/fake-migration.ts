import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { CombinedWorkerRunError, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { ControlActivities } from '../../../src/activities/create-activities.js';
import type { Activities, FinishInput } from '../../../src/activities/activity-messages.js';
import { createAwaitVacancy } from '../../../src/activities/await-vacancy.js';
import { createEndObserve } from '../../../src/activities/end-observe-activity.js';
import { createTellPartitions } from '../../../src/activities/tell-partitions.js';
import { controlTaskQueue, planName, rootWorkflowId } from '../../../src/domain/ids.js';
import type { Layout } from '../../../src/domain/layout.js';
import type { SliceResult, SliceTask } from '../../../src/domain/figures/slice-report.js';
import { migrationRuns } from '../../../src/worker/migration-runs.js';
import { memoKey, type MigrationInput, type MigrationResult, type RootMemo } from '../../../src/workflows/messages.js';
import type { migration } from '../../../src/workflows/migration/migration.js';
import { workflowBundle } from '../servers/workflow-bundle.js';
import { tallyOf } from './tally-of.js';

export type MigrationHandle = WorkflowHandleWithFirstExecutionRunId<typeof migration>;

/** A migration whose activities are fakes. An activity that is not given succeeds. */
export interface FakeMigration extends Partial<Omit<Activities, 'moveSlice'>> {
  readonly layout: Layout;
  /** `name` is that of the migration, for those that share a worker. */
  readonly moveSlice?: (task: SliceTask, name: string) => Promise<SliceResult>;
  readonly searchAttributes?: boolean;
  readonly cancelPatienceMs?: number;
  /** Whether it is the plan of a migration. */
  readonly isPlan?: boolean;
  readonly unclaimed?: boolean;
  readonly verify?: boolean;
  readonly begun?: boolean;
  /** How many slices the worker takes at a time; by default 100. */
  readonly slots?: number;
  /** By default 10 seconds. */
  readonly heartbeatTimeoutMs?: number;
  /** By default the bundle of the current workflows. */
  readonly bundle?: WorkflowBundleWithSourceMap;
}

/** How a fake migration ended, and what it asked for. */
export interface FakeRun {
  readonly handle: MigrationHandle;
  readonly result: MigrationResult | undefined;
  readonly error: unknown;
  readonly tasks: readonly SliceTask[];
  readonly finished: readonly FinishInput[];
  readonly memo: RootMemo;
}

/** Returns a layout of any shape. */
export function layoutOf(partitions: number, slicesPerPartition: number, unitsPerSlice = 10): Layout {
  const slices = partitions * slicesPerPartition;
  return { units: slices * unitsPerSlice, unitsPerSlice, slicesPerPartition, slices, partitions };
}

export function complete(task: SliceTask): SliceResult {
  return { state: 'complete', tally: tallyOf(task.units) };
}

/** What real activities need that ask this server. */
export function realRuns(env: TestWorkflowEnvironment) {
  return { runs: migrationRuns(env.client), redact: (text: string) => text };
}

/**
 * Runs a migration on a real server to its end; `during` may act on it while it runs, and start it again after it has
 * ended.
 */
export async function runFakeMigration(
  env: TestWorkflowEnvironment,
  fake: FakeMigration,
  during?: (handle: MigrationHandle, again: () => Promise<MigrationHandle>) => Promise<MigrationHandle | undefined>,
): Promise<FakeRun> {
  const ownName = `m-${randomUUID().slice(0, 8)}`;
  const name = fake.isPlan === true ? planName(ownName) : ownName;
  const tasks: SliceTask[] = [];
  const finished: FinishInput[] = [];
  const moveSlice: Activities['moveSlice'] = async ({ task, control }) => {
    tasks.push(task);
    return (await fake.moveSlice?.(task, control.name)) ?? complete(task);
  };
  const real = realRuns(env);
  const control: Omit<ControlActivities, 'checkSources' | 'checkTarget'> = {
    prepare: fake.prepare ?? (async () => ({ epoch: 1, layout: fake.layout })),
    observe: fake.observe ?? (() => Context.current().cancelled),
    endObserve: createEndObserve(real),
    tellPartitions: fake.tellPartitions ?? createTellPartitions(real),
    awaitVacancy: fake.awaitVacancy ?? createAwaitVacancy(real),
    exploreAccount: () => Promise.reject(new Error('nothing is explored')),
    exploreUnits: () => Promise.reject(new Error('nothing is explored')),
    cleanUp: fake.cleanUp ?? (async () => ({ uploadsAborted: 0, checkpointsKept: 0 })),
    finish: async (input) => {
      finished.push(input);
      const phase = input.tally.units.failed > 0 ? 'completed-with-failures' : 'completed';
      return (await fake.finish?.(input)) ?? { phase };
    },
  };
  const common = {
    connection: env.nativeConnection,
    stickyQueueScheduleToStartTimeout: '1 second',
    // Fakes may wait for a test that has failed by then: its error is to be seen, not their waiting.
    shutdownForceTime: '5 seconds',
  } as const;
  const heartbeats = { maxHeartbeatThrottleInterval: '100 ms', defaultHeartbeatThrottleInterval: '100 ms' } as const;
  const [main, controlWorker] = await Promise.all([
    Worker.create({
      ...common,
      ...heartbeats,
      taskQueue: name,
      workflowBundle: fake.bundle ?? (await workflowBundle()),
      activities: {
        moveSlice,
        findUnclaimed: fake.findUnclaimed ?? (async () => {}),
        concludeVerification: fake.concludeVerification ?? (async () => {}),
      },
      maxConcurrentActivityTaskExecutions: fake.slots ?? 100,
    }),
    Worker.create({ ...common, ...heartbeats, taskQueue: controlTaskQueue(name), activities: control }),
  ]);
  const run = controlWorker.runUntil(
    main.runUntil(async () => {
      const start = () =>
        env.client.workflow.start<typeof migration>('migration', {
          workflowId: rootWorkflowId(name),
          taskQueue: name,
          args: [inputOf(name, fake)],
        });
      const first = await start();
      const handle = (await during?.(first, start)) ?? first;
      const outcome = await handle.result().then(
        (result) => ({ result, error: undefined }),
        (error: unknown) => ({ result: undefined, error }),
      );
      const description = await handle.describe();
      const memo = description.memo?.[memoKey] as RootMemo;
      return { handle, ...outcome, tasks, finished, memo };
    }),
  );
  return run.catch((error: unknown) => {
    throw error instanceof CombinedWorkerRunError ? error.cause.innerError : error;
  });
}

/** What the root of a fake migration is started with. */
export function inputOf(
  name: string,
  fake: Pick<
    FakeMigration,
    'layout' | 'heartbeatTimeoutMs' | 'searchAttributes' | 'cancelPatienceMs' | 'unclaimed' | 'verify' | 'begun'
  >,
): MigrationInput {
  return {
    control: { name, bucket: 'b', prefix: '.longhaul', s3: {} },
    round: 0,
    total: fake.layout.units,
    heartbeatTimeoutMs: fake.heartbeatTimeoutMs ?? 10_000,
    searchAttributes: fake.searchAttributes ?? false,
    ...(fake.unclaimed !== undefined && { unclaimed: fake.unclaimed }),
    ...(fake.verify !== undefined && { verify: fake.verify }),
    ...(fake.begun !== undefined && { begun: fake.begun }),
    ...(fake.cancelPatienceMs !== undefined && { cancelPatienceMs: fake.cancelPatienceMs }),
  };
}
