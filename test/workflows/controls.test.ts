import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sliceLabel } from '../../src/domain/ids.js';
import { zeroRate } from '../../src/domain/progress.js';
import type { SliceResult } from '../../src/domain/slice-report.js';
import { emptyTally } from '../../src/domain/tally.js';
import { pauseUpdate, resumeUpdate, tuneUpdate } from '../../src/workflows/operator-messages.js';
import { memoKey, progressQuery, progressSignal, type RootMemo } from '../../src/workflows/messages.js';
import { Barrier } from '../support/fakes/barrier.js';
import {
  complete,
  layoutOf,
  runFakeMigration,
  tallyOf,
  type MigrationHandle,
} from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { beatUntilCancelled, partialWhenCancelled } from '../support/programs/running-slice.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporalServer();
});
afterAll(() => env.teardown());

const phaseIs = (handle: MigrationHandle, phase: string) =>
  until(`the phase is ${phase}`, async () => (await handle.query(progressQuery)).phase === phase);
const memoOf = async (handle: MigrationHandle) => (await handle.describe()).memo?.[memoKey] as RootMemo;
const blocked = (what: string): SliceResult => ({
  ...{ state: 'blocked', tally: emptyTally, what, class: 'SourceAuth', message: 'expired', deferred: 10 },
});

describe('a pause', () => {
  test('that drains starts no slice more, is paused when those in flight have ended, and goes on after resume', async () => {
    const running = new Barrier(2);
    const go = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(4, 2),
        slicesInFlight: 2,
        moveSlice: async (task) => {
          if (task.slice === 0 && task.partition < 2) await running.pass();
          await go.raised;
          return complete(task);
        },
      },
      async (handle) => {
        await until('two slices run', () => running.most === 2);
        const answer = await handle.executeUpdate(pauseUpdate, { args: [{ mode: 'drain' }] });
        expect(answer).toMatchObject({ phase: 'pausing', control: { pause: 'drain', draining: true } });
        expect((await memoOf(handle)).control).toMatchObject({ draining: true });
        go.raise();
        await phaseIs(handle, 'paused');
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(run.result?.progress.tally).toEqual(tallyOf(80));
    expect(run.tasks).toHaveLength(8);
  });

  test('that is for now interrupts slices that run, fail, wait for another attempt, or are queued; none is lost', async () => {
    const seen = { running: new Flag(), failing: new Flag(), backOff: new Flag() };
    let resumed = false;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(4, 1),
        slicesInFlight: 4,
        slots: 3,
        moveSlice: async (task) => {
          if (resumed) return complete(task);
          const kind = run0.get(sliceLabel(task)) ?? (['running', 'failing', 'backOff'] as const)[run0.size];
          if (kind === undefined) return complete(task);
          run0.set(sliceLabel(task), kind);
          seen[kind].raise();
          if (kind === 'running') return partialWhenCancelled();
          if (kind === 'failing') await beatUntilCancelled();
          // One in back-off leaves its slot to the one that is queued, so it holds it until the pause is on its way.
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
        slicesInFlight: 2,
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
      { layout: layoutOf(1, 1), slicesInFlight: 1, moveSlice: (task) => go.raised.then(() => complete(task)) },
      async (handle) => {
        const refused = async (update: Promise<unknown>, words: string) => {
          const error: unknown = await update.catch((reason: unknown) => reason);
          expect(String((error as Error).cause)).toContain(words);
        };
        await refused(handle.executeUpdate('pause', { args: [{ mode: 'soon' }] }), 'mode must be');
        await refused(handle.executeUpdate('resume', { args: [{ force: true }] }), '"force" is not known');
        await refused(handle.executeUpdate('tune', { args: [{}] }), 'at least one');
        await refused(handle.executeUpdate('tune', { args: [{ slicesInFlight: 0 }] }), 'from 1 to 500');
        await refused(handle.executeUpdate('tune', { args: [{ bytesPerSecond: 9 }] }), 'from 65536 to');
        go.raise();
      },
    );
  });
});

describe('tune', () => {
  test('runs more slices at once from then on, and tells workers the rest by the memo', async () => {
    const wide = new Barrier(4);
    let wideOnce = false;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(8, 2),
        slicesInFlight: 1,
        moveSlice: async (task) => {
          if (!wideOnce) await wide.pass();
          return complete(task);
        },
      },
      async (handle) => {
        const tuned = await handle.executeUpdate(tuneUpdate, { args: [{ slicesInFlight: 4, unitsInFlight: 9 }] });
        expect(tuned.control).toMatchObject({ slicesInFlight: 4, unitsInFlight: 9 });
        expect((await memoOf(handle)).control).toMatchObject({ unitsInFlight: 9 });
        await until('four slices run at once', () => wide.most >= 4);
        wideOnce = true;
      },
    );
    expect(run.result?.progress.tally).toEqual(tallyOf(160));
    expect(wide.most).toBe(4);
  });
});

describe('what is blocked', () => {
  test('gives its place to others, is probed, and is released when the probe gets through', async () => {
    const othersDone = new Flag();
    let open = false;
    let healthy = 0;
    const probes: string[] = [];
    const run = await runFakeMigration(env, {
      layout: layoutOf(4, 1),
      slicesInFlight: 1,
      probe: async ({ what }) => {
        probes.push(what);
        await othersDone.raised;
        open = true;
      },
      moveSlice: async (task) => {
        if (task.partition === 0 && !open) return blocked('account east');
        if (task.partition > 0) healthy += 1;
        if (healthy === 3) othersDone.raise();
        return complete(task);
      },
    });
    expect(probes).toEqual(['account east']);
    expect(run.tasks.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 0]);
    expect(run.result?.progress.tally).toEqual(tallyOf(40));
  });

  test('by the target keeps other partitions from beginning, and goes on when the operator says so', async () => {
    const probed = new Flag();
    let open = false;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(3, 1),
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
    expect(run.tasks.map(({ partition }) => partition)).toEqual([0, 0, 1, 2]);
  });

  test('by too many failed units is released only by accepting them', async () => {
    const held = new Flag();
    const failing = { ...tallyOf(2), units: { ...tallyOf(2).units, failed: 3 } };
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(3, 1, 5),
        slicesInFlight: 1,
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
    const done = await runFakeMigration(env, { layout: layoutOf(1, 1), slicesInFlight: 1, cleanUp });
    expect(done.finished).toHaveLength(1);
    const running = new Flag();
    const cancelled = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        slicesInFlight: 1,
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
      slicesInFlight: 1,
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
