import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { partitionWorkflowId, sliceLabel } from '../../src/domain/ids.js';
import type { SliceResult } from '../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../src/domain/figures/tally.js';
import { memoKey, type PartitionMemo } from '../../src/workflows/messages.js';
import { resumeUpdate } from '../../src/workflows/operator-messages.js';
import {
  complete,
  layoutOf,
  runFakeMigration,
  type FakeRun,
  type MigrationHandle,
} from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { partialWhenCancelled } from '../support/programs/running-slice.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

const labels = (run: FakeRun) => run.tasks.map((task) => sliceLabel(task));
const blocked = (what: string): SliceResult => ({
  state: 'blocked',
  tally: tallyOf(3),
  what,
  class: 'SourceAuth',
  message: 'the credential has expired',
  deferred: 7,
});

/** Returns the memo of the first partition; undefined until it has one. */
async function memoOf({ workflowId }: MigrationHandle): Promise<PartitionMemo | undefined> {
  const partition = env.client.workflow.getHandle(`${workflowId}/r0000/p0000`);
  const description = await partition.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  return description?.memo?.[memoKey] as PartitionMemo | undefined;
}

/** Returns the failure that a workflow ended with. */
function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
  throw error;
}

describe('a slice that hands back a part', () => {
  test('is scheduled again at once until it is complete', async () => {
    let attempts = 0;
    const run = await runFakeMigration(env, {
      layout: layoutOf(1, 3),
      moveSlice: async (task) => {
        if (task.slice !== 1) return complete(task);

        attempts += 1;
        return attempts < 3 ? { state: 'partial', tally: tallyOf(attempts) } : complete(task);
      },
    });
    expect(labels(run).slice(3)).toEqual(['p0000/s0001', 'p0000/s0001']);
    expect(labels(run).slice(0, 3).sort()).toEqual(['p0000/s0000', 'p0000/s0001', 'p0000/s0002']);
    expect(run.result?.progress.tally).toEqual(tallyOf(30));
  });
});

describe('a blocked slice', () => {
  test('lets the others go first, and is tried again as a canary', async () => {
    const tried: string[] = [];
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 4),
        moveSlice: async (task) => {
          tried.push(`${task.canary === true ? 'canary ' : ''}${sliceLabel(task)}`);
          return task.slice === 0 && task.canary !== true ? blocked('account east') : complete(task);
        },
      },
      async (handle) => {
        await until('all have been tried', async () => (await memoOf(handle))?.tally.units.done === 33);
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    const s = (slice: number) => `p0000/s000${slice}`;
    expect(tried.slice(0, 4).sort()).toEqual([s(0), s(1), s(2), s(3)]);
    expect(tried.slice(4)).toEqual([`canary ${s(0)}`]);
    expect(run.result?.progress.tally).toEqual(tallyOf(40));
  });

  test('is shown in the memo, with its tally, until it gets through', async () => {
    const seen: PartitionMemo[] = [];
    let open = false;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 2),
        moveSlice: async (task) => (task.slice === 1 || open ? complete(task) : blocked('account east')),
      },
      async (handle) => {
        await until('both slices have ended', async () => (await memoOf(handle))?.tally.units.done === 13);
        seen.push((await memoOf(handle))!);
        open = true;
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(seen[0]).toMatchObject({
      tally: tallyOf(13),
      blocked: [{ what: 'account east', class: 'SourceAuth', message: 'the credential has expired', units: 7 }],
    });
    const partition = env.client.workflow.getHandle(`${run.handle.workflowId}/r0000/p0000`);
    expect((await partition.describe()).memo?.[memoKey]).toEqual({ tally: tallyOf(20), blocked: [] });
  });

  test('tries alone for all that wait for the same, and the others follow when it gets through', async () => {
    let open = false;
    let refused = 0;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 6),
        moveSlice: async (task) => {
          open ||= task.canary === true;
          if (open) return complete(task);
          refused += 1;
          return blocked('target archive');
        },
      },
      async (handle) => {
        await until('all are blocked', async () => (await memoOf(handle))?.tally.units.done === 18);
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
      },
    );
    expect(run.result?.progress.tally).toEqual(tallyOf(60));
    expect(refused).toBe(6);
    expect(run.tasks.map(({ canary }) => canary === true).slice(6)).toEqual([true, false, false, false, false, false]);
  });
});

describe('a slice in which all that is left waits', () => {
  test('hands its slot to others, shows what it waits for, and is scheduled again', async () => {
    const waits = { what: 'target archive', class: 'TargetNetwork', message: 'no route', units: 5 } as const;
    let shown: PartitionMemo | undefined;
    let attempts = 0;
    const othersRun = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 2),
        slots: 1,
        moveSlice: async (task) => {
          if (task.slice === 0 && (attempts += 1) === 1) {
            const waiting = [{ ...waits, since: '2026-01-01T00:00:00.000Z' }];
            return { state: 'waiting', tally: tallyOf(5), retryInMs: 1_000, waiting };
          }
          // The slice that waits has left its slot.
          if (task.slice === 1 && attempts > 0) await othersRun.raised;
          return complete(task);
        },
      },
      async (handle) => {
        await until('it is shown', async () => {
          shown = await memoOf(handle);
          return shown?.waiting !== undefined;
        });
        othersRun.raise();
      },
    );
    expect(shown).toMatchObject({ blocked: [], waiting: [waits] });
    expect(labels(run).filter((label) => label === 'p0000/s0000')).toHaveLength(2);
    expect(run.result?.progress.tally).toEqual(tallyOf(20));
  });
});

describe('a failure that is final', () => {
  test('ends the migration with its class, after the other slices have handed back', async () => {
    const handedBack: string[] = [];
    const othersRun = new Flag();
    const run = await runFakeMigration(env, {
      layout: layoutOf(2, 1),
      moveSlice: async (task) => {
        if (task.partition === 0) {
          await othersRun.raised;
          throw ApplicationFailure.nonRetryable('epoch 1 was taken over by epoch 2', 'Superseded');
        }
        othersRun.raise();
        const result = await partialWhenCancelled();
        handedBack.push(sliceLabel(task));
        return result;
      },
    });
    expect(failureOf(run.error)).toMatchObject({ type: 'Superseded', message: 'epoch 1 was taken over by epoch 2' });
    expect(handedBack).toEqual(['p0001/s0000']);
    expect(labels(run).sort()).toEqual(['p0000/s0000', 'p0001/s0000']);
    expect(run.finished).toEqual([]);
    expect(run.memo).toMatchObject({ phase: 'failed', failure: { class: 'Superseded' } });
    // `observe` among them, which the page would show as pending for ever.
    expect((await run.handle.describe()).raw.pendingActivities).toEqual([]);
    const other = env.client.workflow.getHandle(`${run.handle.workflowId}/r0000/p0001`);
    expect((await other.describe()).status.name).toBe('CANCELLED');
  });

  test('is in the memo before the other slices have handed back', async () => {
    const othersRun = new Flag();
    const seen = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(2, 1),
        moveSlice: async (task) => {
          if (task.partition === 0) {
            await othersRun.raised;
            throw ApplicationFailure.nonRetryable('no', 'TargetCapability');
          }
          othersRun.raise();
          const result = await partialWhenCancelled();
          await seen.raised;
          return result;
        },
      },
      async (handle) => {
        for (;;) {
          const { memo } = await handle.describe();
          if (JSON.stringify(memo).includes('TargetCapability')) break;
        }
        seen.raise();
      },
    );
    expect(failureOf(run.error).type).toBe('TargetCapability');
  });

  test('of prepare ends the migration before any slice', async () => {
    const run = await runFakeMigration(env, {
      layout: layoutOf(2, 2),
      searchAttributes: true,
      prepare: async () => {
        throw ApplicationFailure.nonRetryable('account east refused the credential', 'SourceAuth');
      },
    });
    expect(failureOf(run.error)).toMatchObject({ type: 'SourceAuth', message: 'account east refused the credential' });
    expect(run.tasks).toEqual([]);
    expect(run.memo).toMatchObject({ phase: 'failed', tally: emptyTally, failure: { class: 'SourceAuth' } });
  });

  test('of a partition that was terminated by hand ends the migration and says which', async () => {
    const running = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        moveSlice: () => {
          running.raise();
          return partialWhenCancelled();
        },
      },
      async (handle) => {
        await running.raised;
        await env.client.workflow.getHandle(`${handle.workflowId}/r0000/p0000`).terminate('by hand');
      },
    );
    const failure = failureOf(run.error);
    expect(failure.type).toBe('Unexpected');
    expect(failure.message).toContain(partitionWorkflowId(run.handle.workflowId.split('/')[1]!, 0, 0));
  });
});
