import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createObserve } from '../../src/activities/observe/observe.js';
import { sliceLabel } from '../../src/domain/ids.js';
import { zeroRate } from '../../src/domain/figures/progress.js';
import type { SliceResult } from '../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../src/domain/figures/tally.js';
import { migrationRuns } from '../../src/worker/migration-runs.js';
import { pauseUpdate, resumeUpdate, tuneUpdate } from '../../src/workflows/operator-messages.js';
import { memoKey, type RootMemo } from '../../src/workflows/messages.js';
import { progressQuery, progressSignal } from '../../src/workflows/progress-messages.js';
import {
  complete,
  layoutOf,
  realRuns,
  runFakeMigration,
  type MigrationHandle,
} from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { beatUntilCancelled, partialWhenCancelled } from '../support/programs/running-slice.js';
import { connectToTemporal, startTemporalServer } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

const phaseIs = (handle: MigrationHandle, phase: string) =>
  until(`the phase is ${phase}`, async () => (await handle.query(progressQuery)).phase === phase);
const memoOf = async (handle: MigrationHandle) => (await handle.describe()).memo?.[memoKey] as RootMemo;
/** Returns how many slices of each open partition are scheduled. */
async function partitionsOf(handle: MigrationHandle): Promise<readonly { readonly running: number }[]> {
  const { raw } = await handle.describe();
  const open = (raw.pendingChildren ?? []).map(({ workflowId }) => env.client.workflow.getHandle(workflowId ?? ''));
  const described = await Promise.all(open.map((partition) => partition.describe()));
  return described.map((description) => ({ running: description.raw.pendingActivities?.length ?? 0 }));
}
const blocked = (what: string): SliceResult => ({
  ...{ state: 'blocked', tally: emptyTally, what, class: 'SourceAuth', message: 'expired', deferred: 10 },
});

describe('a pause', () => {
  test('that drains schedules nothing, is paused when slices in flight end, and continues after resume', async () => {
    const go = new Flag();
    let paused = false;
    let resumed = false;
    let atRest = 0;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(4, 2),
        observe: createObserve(realRuns(env)),
        slots: 2,
        moveSlice: async (task) => {
          if (paused && !resumed) return { state: 'partial', tally: emptyTally };
          await go.raised;
          return complete(task);
        },
      },
      async (handle) => {
        await until('slices run', async () => (await handle.query(progressQuery)).phase === 'running');
        const answer = await handle.executeUpdate(pauseUpdate, { args: [{ mode: 'drain' }] });
        expect(answer).toMatchObject({ phase: 'pausing', control: { pause: 'drain', draining: true } });
        expect((await memoOf(handle)).control).toMatchObject({ draining: true });
        paused = true;
        go.raise();
        await phaseIs(handle, 'paused');
        atRest = (await partitionsOf(handle)).reduce((sum, { running }) => sum + running, 0);
        resumed = true;
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(atRest).toBe(0);
    expect(run.result?.progress.tally).toEqual(tallyOf(80));
    expect(run.tasks.length).toBeLessThanOrEqual(16);
  });

  test('is still shown as such after the partitions have continued as new', async () => {
    const short = await startTemporalServer(['limit.historyCount.suggestContinueAsNew=10']);
    const held = new Flag();
    let completed = 0;
    let resumed = false;
    try {
      const run = await runFakeMigration(
        short,
        {
          layout: layoutOf(2, 6),
          observe: createObserve(realRuns(short)),
          slots: 1,
          moveSlice: async (task) => {
            // A few, so that partitions have histories that are long enough; the rest waits for the pause.
            if (resumed || completed < 4) {
              completed += 1;
              return complete(task);
            }
            held.raise();
            return partialWhenCancelled();
          },
        },
        async (handle) => {
          await held.raised;
          await handle.executeUpdate(pauseUpdate, { args: [{ mode: 'now' }] });
          await phaseIs(handle, 'paused');
          resumed = true;
          await handle.executeUpdate(resumeUpdate, { args: [{}] });
        },
      );
      expect(run.result?.progress.tally).toEqual(tallyOf(120));
    } finally {
      await short.teardown();
    }
  });

  test('that takes effect now interrupts slices that run, fail, wait or are queued; none is lost', async () => {
    const seen = { running: new Flag(), failing: new Flag(), backOff: new Flag() };
    let resumed = false;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(4, 1),
        observe: createObserve(realRuns(env)),
        slots: 3,
        moveSlice: async (task) => {
          if (resumed) return complete(task);
          const kind = run0.get(sliceLabel(task)) ?? (['running', 'failing', 'backOff'] as const)[run0.size];
          if (kind === undefined) return complete(task);
          run0.set(sliceLabel(task), kind);
          seen[kind].raise();
          if (kind === 'running') return partialWhenCancelled();
          if (kind === 'failing') await beatUntilCancelled();
          // A slice in back-off would leave its slot to the queued one, so it keeps the slot until the pause has been
          // sent.
          if (kind === 'backOff' && Context.current().info.attempt > 1) await beatUntilCancelled();
          throw new Error(`the socket of ${kind} was closed`);
        },
      },
      async (handle) => {
        await Promise.all(Object.values(seen).map(({ raised }) => raised));
        await handle.executeUpdate(pauseUpdate, { args: [{ mode: 'now' }] });
        await phaseIs(handle, 'paused');
        resumed = true;
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(run.result?.progress.tally).toEqual(tallyOf(40));
    expect(run.memo.phase).toBe('completed');
  });
  const run0 = new Map<string, 'running' | 'failing' | 'backOff'>();

  test('before the first slice lets none begin until resume, and a cancel ends it', async () => {
    const prepared = new Flag();
    const cleaned: boolean[] = [];
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(2, 1),
        observe: createObserve(realRuns(env)),
        prepare: async () => {
          await prepared.raised;
          return { epoch: 1, layout: layoutOf(2, 1) };
        },
        cleanUp: async ({ isFinal }) => {
          cleaned.push(isFinal);
          return { uploadsAborted: 0, checkpointsKept: 0 };
        },
      },
      async (handle) => {
        await handle.executeUpdate(pauseUpdate, { args: [{}] });
        prepared.raise();
        await phaseIs(handle, 'paused');
        await handle.cancel();
      },
    );
    expect(run.tasks).toEqual([]);
    expect(run.memo.phase).toBe('cancelled');
    expect(cleaned).toEqual([false]);
  });

  test('in words that mean nothing is refused, and so is a resume or a tune', async () => {
    const go = new Flag();
    await runFakeMigration(
      env,
      { layout: layoutOf(1, 1), moveSlice: (task) => go.raised.then(() => complete(task)) },
      async (handle) => {
        const refused = async (update: Promise<unknown>, words: string) => {
          const error: unknown = await update.catch((reason: unknown) => reason);
          expect(String((error as Error).cause)).toContain(words);
        };
        await refused(handle.executeUpdate('pause', { args: [{ mode: 'soon' }] }), 'mode must be');
        await refused(handle.executeUpdate('resume', { args: [{ force: true }] }), '"force" is not known');
        await refused(handle.executeUpdate('tune', { args: [{}] }), 'at least one');
        await refused(handle.executeUpdate('tune', { args: [{ unitsInFlight: 0 }] }), 'from 1 to 10000');
        await refused(handle.executeUpdate('tune', { args: [{ bytesPerSecond: 9 }] }), 'from 65536 to');
        const ceilings = (requestsPerSecond: unknown) =>
          handle.executeUpdate('tune', { args: [{ requestsPerSecond }] });
        await refused(ceilings(500), 'a number for each account');
        await refused(ceilings({ east: 0.5 }), 'requestsPerSecond.east must be a number from 1, or "unlimited"');
        await refused(ceilings({ east: '5' }), 'requestsPerSecond.east must be');
        const many = Object.fromEntries(Array.from({ length: 101 }, (_unused, at) => [`a${at}`, 5]));
        await refused(ceilings(many), 'at most 100 accounts');
        go.raise();
      },
    );
  });
});

describe('tune', () => {
  test('tells workers by the memo, and partitions nothing', async () => {
    const tuned = new Flag();
    const run = await runFakeMigration(
      env,
      { layout: layoutOf(2, 1), moveSlice: (task) => tuned.raised.then(() => complete(task)) },
      async (handle) => {
        const answer = await handle.executeUpdate(tuneUpdate, { args: [{ unitsInFlight: 9 }] });
        expect(answer.control).toMatchObject({ unitsInFlight: 9 });
        expect((await memoOf(handle)).control).toMatchObject({ unitsInFlight: 9 });
        const auto = await handle.executeUpdate(tuneUpdate, { args: [{ unitsInFlight: 'auto' }] });
        expect(auto.control).toMatchObject({ unitsInFlight: 'auto' });
        await handle.executeUpdate(tuneUpdate, { args: [{ requestsPerSecond: { east: 500, west: 9 } }] });
        await handle.executeUpdate(tuneUpdate, { args: [{ requestsPerSecond: { west: 'unlimited' } }] });
        expect((await memoOf(handle)).control).toMatchObject({
          ...{ unitsInFlight: 'auto', requestsPerSecond: { east: 500, west: 'unlimited' } },
        });
        tuned.raise();
      },
    );
    const { events = [] } = await run.handle.fetchHistory();
    expect(events?.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)).not.toContain(
      'tellPartitions',
    );
  });
});

describe('what is blocked', () => {
  test('is tried again at once when the operator resumes, in every partition', async () => {
    let open = false;
    let refused = 0;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(10, 1),
        moveSlice: async (task) => {
          if (open) return complete(task);
          refused += 1;
          return blocked('account east');
        },
      },
      async (handle) => {
        await until('all are blocked', () => refused === 10);
        open = true;
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(run.tasks).toHaveLength(20);
    expect(run.tasks.slice(10).every(({ canary }) => canary === true)).toBe(true);
    expect(run.result?.progress.tally).toEqual(tallyOf(100));
  });

  test('is tried again at once when a worker has seen a credential change, and no longer rarely', async () => {
    let isRenewed = false;
    let refused = 0;
    let partitions: readonly string[] = [];
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(2, 2),
        moveSlice: async (task) => {
          if (isRenewed) return complete(task);
          refused += 1;
          return blocked('account east');
        },
      },
      async (handle) => {
        await until('all are blocked', () => refused === 4);
        isRenewed = true;
        const { raw } = await handle.describe();
        partitions = (raw.pendingChildren ?? []).map(({ workflowId }) => workflowId ?? '');
        const runs = migrationRuns(env.client);
        for (const partition of partitions) await runs.tellCredentials(partition);
        await expect(runs.tellCredentials('migration/none/p0000')).resolves.toBeUndefined();
      },
    );
    for (const partition of partitions) {
      const { events = [] } = await env.client.workflow.getHandle(partition).fetchHistory();
      expect(events?.filter(({ timerFiredEventAttributes: fired }) => fired)).toEqual([]);
    }
    // One slice of each partition tries, and then the other.
    expect(run.tasks.map(({ canary }) => canary === true)).toEqual([...Array(4).fill(false), true, true, false, false]);
    expect(run.result?.progress.tally).toEqual(tallyOf(40));
  });

  test('by too many failed units is released only by accepting them', async () => {
    const held = new Flag();
    const failing = { ...tallyOf(2), units: { ...tallyOf(2).units, failed: 3 } };
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(3, 1, 5),
        prepare: async () => ({
          ...{ epoch: 1, layout: layoutOf(3, 1, 5), failedUnits: { kind: 'count', count: 2 } as const },
        }),
        moveSlice: async (task) => {
          if (task.partition === 1) await held.raised;
          return { state: 'complete', tally: failing };
        },
      },
      async (handle) => {
        const progress = { round: 0, total: 15, tally: failing, rate: zeroRate, etaSeconds: null, blocked: [], at: '' };
        await handle.signal(progressSignal, progress);
        await phaseIs(handle, 'blocked');
        const memo = await memoOf(handle);
        expect(memo.blocked).toMatchObject([{ what: 'migration', class: 'TooManyFailures' }]);
        expect(memo.control).toMatchObject({ pause: 'none', draining: true });
        await expect(handle.executeUpdate(resumeUpdate, { args: [{}] })).rejects.toThrow();
        held.raise();
        await handle.executeUpdate(resumeUpdate, { args: [{ acceptFailures: true }] });
      },
    );
    expect(run.result).toMatchObject({ phase: 'completed-with-failures' });
    expect(run.tasks).toHaveLength(3);
  });
});

describe('uploads that are left', () => {
  test('are cleaned up before the round is closed, and after a cancel once nothing runs', async () => {
    const order: string[] = [];
    const cleanUp = async ({ isFinal }: { readonly isFinal: boolean }) => {
      order.push(`cleanUp ${isFinal ? 'all' : 'what may go'}`);
      return { uploadsAborted: 0, checkpointsKept: 0 };
    };
    const done = await runFakeMigration(env, { layout: layoutOf(1, 1), cleanUp });
    expect(done.finished).toHaveLength(1);
    const running = new Flag();
    const cancelled = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        cleanUp,
        moveSlice: async () => {
          running.raise();
          const result = await partialWhenCancelled();
          order.push('slice handed back');
          return result;
        },
      },
      async (handle) => {
        await running.raised;
        await handle.cancel();
      },
    );
    expect(order).toEqual(['cleanUp all', 'slice handed back', 'cleanUp what may go']);
    expect((cancelled.error as Error).cause).toBeInstanceOf(CancelledFailure);
  });

  test('are not touched by a migration that another has taken over', async () => {
    let cleaned = 0;
    await runFakeMigration(env, {
      layout: layoutOf(1, 1),
      cleanUp: async () => {
        cleaned += 1;
        return { uploadsAborted: 0, checkpointsKept: 0 };
      },
      moveSlice: async () => {
        throw ApplicationFailure.nonRetryable('epoch 1 was taken over by epoch 2', 'Superseded');
      },
    });
    expect(cleaned).toBe(0);
  });
});
