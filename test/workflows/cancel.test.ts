import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { complete, layoutOf, runFakeMigration, type FakeRun } from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { beatUntilCancelled, partialWhenCancelled } from '../support/programs/running-slice.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

async function statuses(run: FakeRun, partitions: number): Promise<string[]> {
  const ids = Array.from({ length: partitions }, (_, number) => `${run.handle.workflowId}/r0000/p000${number}`);
  const all = [run.handle.workflowId, ...ids].map((id) => env.client.workflow.getHandle(id).describe());
  return (await Promise.all(all)).map(({ status }) => status.name);
}

function expectCancelled(run: FakeRun): void {
  expect(run.error).toBeInstanceOf(WorkflowFailedError);
  expect((run.error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect(run.memo.phase).toBe('cancelled');
  expect(run.finished).toEqual([]);
}

describe('a cancel', () => {
  test('lets running slices hand back, closes all partitions, and ends the migration as cancelled', async () => {
    const both = [new Flag(), new Flag()];
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(2, 1),
        moveSlice: (task) => {
          both[task.partition]?.raise();
          return partialWhenCancelled();
        },
      },
      async (handle) => {
        await Promise.all(both.map(({ raised }) => raised));
        await handle.cancel();
      },
    );
    expectCancelled(run);
    expect(run.tasks).toHaveLength(2);
    expect(await statuses(run, 2)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
  });

  test('reaches slices that are queued behind one that runs on for a while', async () => {
    const running: number[] = [];
    const begun = new Flag();
    const othersClosed = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(3, 4),
        slots: 1,
        moveSlice: async (task) => {
          running.push(task.partition);
          begun.raise();
          const result = await partialWhenCancelled();
          await othersClosed.raised;
          return result;
        },
      },
      async (handle) => {
        await begun.raised;
        await handle.cancel();
        const others = [0, 1, 2].filter((partition) => partition !== running[0]);
        for (const partition of others) {
          const child = env.client.workflow.getHandle(`${handle.workflowId}/r0000/p000${partition}`);
          await child.result().catch((error: unknown) => expect(error).toBeInstanceOf(WorkflowFailedError));
        }
        othersClosed.raise();
      },
    );
    expectCancelled(run);
    expect(running).toHaveLength(1);
    expect(await statuses(run, 3)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED']);
  });

  test('is not turned into a failure by a slice that fails after it', async () => {
    const running = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 2),
        moveSlice: async () => {
          running.raise();
          await beatUntilCancelled();
          throw new Error('the socket was closed');
        },
      },
      async (handle) => {
        await running.raised;
        await handle.cancel();
      },
    );
    expectCancelled(run);
    expect(await statuses(run, 1)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  test('reaches slices that wait for their next attempt', async () => {
    const failed = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 2),
        moveSlice: async () => {
          failed.raise();
          throw new Error('the ledger cannot be written');
        },
      },
      async (handle) => {
        await failed.raised;
        await handle.cancel();
      },
    );
    expectCancelled(run);
    expect(await statuses(run, 1)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  test('reaches slices that are blocked', async () => {
    const found = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        moveSlice: async (task) => {
          found.raise();
          const { tally } = complete(task);
          return { state: 'blocked', tally, what: 'account east', class: 'SourceAuth', message: 'no', deferred: 1 };
        },
      },
      async (handle) => {
        await found.raised;
        await handle.cancel();
      },
    );
    expectCancelled(run);
    expect(await statuses(run, 1)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  test('ends after the stated time when the bucket is gone, and names what it had to leave', async () => {
    const running = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        cancelPatienceMs: 3_000,
        cleanUp: async () => {
          throw ApplicationFailure.retryable('list .longhaul/uploads/: the store cannot be reached', 'TargetNetwork');
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
    expectCancelled(run);
    expect(run.memo.failure).toEqual({
      class: 'TargetNetwork',
      message: expect.stringMatching(
        /^uploads may be left open, .* below s3:\/\/b\/\.longhaul\/m-\w+\/r0000\/uploads\/; .* cannot be reached$/,
      ) as string,
    });
  });

  test('during prepare ends the migration before any slice', async () => {
    const running = new Flag();
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        prepare: async () => {
          running.raise();
          await beatUntilCancelled();
          throw new CancelledFailure('CANCELLED');
        },
      },
      async (handle) => {
        await running.raised;
        await handle.cancel();
      },
    );
    expectCancelled(run);
    expect(run.tasks).toEqual([]);
  });
});
