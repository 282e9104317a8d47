import { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createObserve, type ObserveBeat } from '../../src/activities/observe/observe.js';
import type { SliceBeat } from '../../src/domain/figures/slice-report.js';
import { controlTaskQueue, rangeLabel, sliceLabel } from '../../src/domain/ids.js';
import { progressQuery } from '../../src/workflows/progress-messages.js';
import { countProcesses } from '../../src/worker/count-processes.js';
import { migrationRuns } from '../../src/worker/migration-runs.js';
import {
  complete,
  layoutOf,
  realRuns,
  runFakeMigration,
  type MigrationHandle,
} from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

/** Returns the last heartbeat of `observe`, from the description of the root. */
async function observedBeat(handle: MigrationHandle): Promise<ObserveBeat | undefined> {
  const { raw } = await handle.describe();
  const pending = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'observe');
  const payload = pending?.heartbeatDetails?.payloads?.[0];
  return payload && defaultPayloadConverter.fromPayload<ObserveBeat | undefined>(payload);
}

describe('observe', () => {
  test('sums complete slices and the heartbeats of running ones, reports them, and tells the root', async () => {
    const enough = new Flag();
    let seen: ObserveBeat | undefined;
    let told: unknown;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(2, 4),
        observe: createObserve(realRuns(env)),
        moveSlice: async (task) => {
          // In each partition two slices are complete, and two have moved four units each.
          if (task.slice < 2) return complete(task);
          const beat: SliceBeat = {
            ...{ v: 1, slice: sliceLabel(task), range: rangeLabel(task.firstUnit, task.units), phase: 'moving' },
            ...{ done: 4, failed: 0, deferred: 0, of: 10, inFlight: { count: 0, indexes: [] }, tally: tallyOf(4) },
          };
          Context.current().heartbeat(beat);
          await enough.raised;
          return complete(task);
        },
      },
      async (handle) => {
        do seen = await observedBeat(handle);
        while ((seen?.tally.units.done ?? 0) < 56);
        do told = await handle.query(progressQuery);
        while ((told as { tally: { units: { done: number } } }).tally.units.done < 56);
        enough.raise();
      },
    );
    expect(seen).toMatchObject({ round: 0, total: 80, tally: tallyOf(56), blocked: [] });
    expect(JSON.stringify(seen).length).toBeLessThan(4_096);
    expect(told).toMatchObject({ phase: 'running', tally: tallyOf(56) });
    expect(run.result?.progress.tally).toEqual(tallyOf(80));
  });

  test('of a root that has closed notices, tells it nothing, and leaves out partitions of other runs', async () => {
    const run = await runFakeMigration(env, { layout: layoutOf(1, 1) });
    const runs = migrationRuns(env.client);
    const root = { workflowId: run.handle.workflowId, runId: run.handle.firstExecutionRunId };
    expect(await runs.openRoot(root)).toBeUndefined();
    await expect(runs.signalProgress(root, run.result!.progress)).resolves.toBeUndefined();
    const partition = `${root.workflowId}/r0000/p0000`;
    await expect(runs.tellPartition(partition, root, { revision: 9, pause: 'now', retry: 0 })).resolves.toBeUndefined();
    const figures = { closed: true, tally: tallyOf(10), blocked: [], waiting: [] };
    expect(await runs.describePartition(partition, root)).toEqual({ ...figures, slices: [] });
    expect(await runs.describePartition(partition, { ...root, runId: 'an earlier run' })).toBeUndefined();
    expect(await runs.describePartition(`${root.workflowId}/r0000/p0001`, root)).toBeUndefined();
    await until('it is listed', async () => (await runs.listPartitions(root))[0]?.closed === true);
    expect(await runs.listPartitions(root)).toEqual([{ workflowId: partition, ...figures }]);
  });

  test('shows a slice whose attempts keep failing', async () => {
    let attempts = 0;
    let seen: ObserveBeat | undefined;
    const enough = new Flag();
    await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        observe: createObserve(realRuns(env)),
        moveSlice: async (task) => {
          attempts += 1;
          if (attempts < 5) throw new Error('the ledger of this slice is odd');
          await enough.raised;
          return complete(task);
        },
      },
      async (handle) => {
        do seen = await observedBeat(handle);
        while ((seen?.blocked.length ?? 0) === 0);
        enough.raise();
      },
    );
    expect(seen?.blocked).toMatchObject([{ what: 'slice p0000/s0000', class: 'SliceFailing' }]);
    expect(seen?.blocked[0]?.message).toContain('the ledger of this slice is odd');
  });
});

describe('the worker processes of a task queue', () => {
  test('are counted once each, and this one among them', async () => {
    const [namespace, taskQueue] = ['default', 'counted'];
    const stop = new AbortController();
    const poll = (identity: string): Promise<unknown> =>
      env.connection.withDeadline(Date.now() + 60_000, () =>
        env.connection.withAbortSignal(stop.signal, () =>
          env.connection.workflowService.pollActivityTaskQueue({
            ...{ namespace, identity, taskQueue: { name: controlTaskQueue(taskQueue) } },
          }),
        ),
      );
    const count = (identity: string) => countProcesses(env.client, { namespace, taskQueue, identity });
    expect(await count('host/1')).toBe(1);
    const polls = Promise.allSettled(
      ['host/1', 'host/1', ...Array.from({ length: 9 }, (_unused, at) => `other/${at}`)].map(poll),
    );
    await until('all polls are known', async () => (await count('host/1')) === 10);
    expect(await count('host/2')).toBe(11);
    stop.abort();
    await polls;
  });
});
