import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { partitionWorkflowId, sliceLabel } from '../../src/domain/ids.js';
import { partitionSlices, type Layout } from '../../src/domain/layout.js';
import type { SliceTask } from '../../src/domain/figures/slice-report.js';
import { memoKey, type PartitionMemo } from '../../src/workflows/messages.js';
import { Barrier } from '../support/fakes/barrier.js';
import { complete, layoutOf, runFakeMigration } from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

const labels = (tasks: readonly SliceTask[]) => tasks.map((task) => sliceLabel(task));
const allSlices = (layout: Layout) =>
  Array.from({ length: layout.partitions }, (_, partition) => partitionSlices(layout, partition)).flat();

describe('a migration', () => {
  test('asks for each slice once, with its range, and adds all tallies even if several end at once', async () => {
    const layout = layoutOf(6, 4);
    // All slices that run at once end at once.
    const barrier = new Barrier(4);
    const run = await runFakeMigration(env, {
      layout,
      moveSlice: async (task) => {
        await barrier.pass();
        return complete(task);
      },
    });
    expect(run.error).toBeUndefined();
    expect(labels(run.tasks).sort()).toEqual(allSlices(layout).map(sliceLabel).sort());
    expect(run.tasks.map(({ firstUnit, units }) => `${firstUnit}+${units}`).sort()).toEqual(
      allSlices(layout)
        .map(({ firstUnit, units }) => `${firstUnit}+${units}`)
        .sort(),
    );
    expect(run.tasks.every(({ epoch, round }) => epoch === 1 && round === 0)).toBe(true);
    expect(run.finished.map(({ tally }) => tally)).toEqual([tallyOf(layout.units)]);
    expect(run.result).toMatchObject({
      phase: 'completed',
      progress: { total: 240, tally: tallyOf(240), blocked: [], etaSeconds: 0 },
    });
    expect(run.memo).toMatchObject({ phase: 'completed', total: 240, tally: tallyOf(240) });
  });

  test('has a worker find what no unit claims after all slices, if it is a plan that asks for it', async () => {
    const order: string[] = [];
    const fake = {
      layout: layoutOf(1, 1),
      moveSlice: async (task: SliceTask) => {
        order.push('slice');
        return complete(task);
      },
      findUnclaimed: async ({ round, epoch }: { readonly round: number; readonly epoch: number }) => {
        order.push(`unclaimed ${round} ${epoch}`);
      },
    };
    expect((await runFakeMigration(env, { ...fake, unclaimed: true })).result?.phase).toBe('completed');
    expect(order).toEqual(['slice', 'unclaimed 0 1']);
    order.length = 0;
    await runFakeMigration(env, fake);
    expect(order).toEqual(['slice']);
  });

  test('has a worker add up what a verification has found after all slices, before the round is closed', async () => {
    const order: string[] = [];
    const fake = {
      layout: layoutOf(1, 1),
      verify: true,
      moveSlice: async (task: SliceTask) => {
        order.push('slice');
        return complete(task);
      },
      concludeVerification: async ({ round, epoch }: { readonly round: number; readonly epoch: number }) => {
        order.push(`conclude ${round} ${epoch}`);
      },
      finish: async () => {
        order.push('finish');
        return { phase: 'completed' as const };
      },
    };
    expect((await runFakeMigration(env, fake)).result?.phase).toBe('completed');
    expect(order).toEqual(['slice', 'conclude 0 1', 'finish']);
  });

  test('opens all its partitions at once, and lets the slots of workers decide how many slices run', async () => {
    const allOpen = new Flag();
    let running = 0;
    let most = 0;
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(40, 2),
        slots: 3,
        moveSlice: async (task) => {
          running += 1;
          most = Math.max(most, running);
          await allOpen.raised;
          running -= 1;
          return complete(task);
        },
      },
      async (handle) => {
        await until('all are open', async () => (await handle.describe()).raw.pendingChildren?.length === 40);
        await until('the slots are taken', () => running === 3);
        allOpen.raise();
      },
    );
    expect(run.result?.phase).toBe('completed');
    expect(most).toBe(3);
  });

  test.each([undefined, true])('tells prepare whether it has begun before: %s', async (begun) => {
    const told: unknown[] = [];
    const layout = layoutOf(1, 1);
    await runFakeMigration(env, {
      layout,
      ...(begun && { begun }),
      prepare: async (input) => {
        told.push(input.begun);
        return { epoch: 1, layout };
      },
    });
    expect(told).toEqual([begun]);
  });

  test('ends with failures where units have failed', async () => {
    const failed = { ...tallyOf(9), units: { done: 9, found: 0, empty: 0, failed: 1 } };
    const run = await runFakeMigration(env, {
      layout: layoutOf(1, 1),
      moveSlice: async () => ({ state: 'complete', tally: failed }),
    });
    expect(run.result).toMatchObject({ phase: 'completed-with-failures', progress: { tally: failed } });
  });

  test('costs at most ten events a slice, partitions and their parent included', async () => {
    const layout = layoutOf(4, 16);
    const run = await runFakeMigration(env, { layout });
    const { control } = run.finished[0]!;
    const ids = Array.from({ length: 4 }, (_, partition) => partitionWorkflowId(control.name, 0, partition));
    const histories = await Promise.all(
      [run.handle.workflowId, ...ids].map((id) => env.client.workflow.getHandle(id).fetchHistory()),
    );
    const events = histories.reduce((sum, history) => sum + (history.events?.length ?? 0), 0);
    expect(events / layout.slices).toBeLessThanOrEqual(10);
    // Fewer would mean that some are not counted.
    expect(events / layout.slices).toBeGreaterThan(4);
  });

  test('shows the range of each slice and of each partition in the Web UI', async () => {
    const run = await runFakeMigration(env, { layout: layoutOf(2, 2), searchAttributes: true });
    const { control } = run.finished[0]!;
    const second = env.client.workflow.getHandle(partitionWorkflowId(control.name, 0, 1));
    const description = await second.describe();
    expect(await description.staticSummary()).toBe('p0001: units 20–39');
    const details = await description.staticDetails();
    expect(details).toContain('Partition 2 of 2');
    expect(details).toMatch(/\n\n- .*\n- ledger: .*\/r0000\/ledger\/p0001\/$/);
    const { events } = await second.fetchHistory();
    const scheduled = events?.filter((event) => event.activityTaskScheduledEventAttributes);
    expect(scheduled?.map((event) => event.activityTaskScheduledEventAttributes?.activityId)).toEqual([
      's0000',
      's0001',
    ]);
    expect(scheduled?.map((event) => Buffer.from(event.userMetadata?.summary?.data ?? []).toString())).toEqual([
      '"units 20–29"',
      '"units 30–39"',
    ]);
    expect(description.memo?.[memoKey]).toEqual({ tally: tallyOf(20), blocked: [] } satisfies PartitionMemo);
    const attributes = Object.fromEntries(
      description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      LonghaulMigration: control.name,
      LonghaulLevel: 'partition',
      LonghaulPhase: 'completed',
      LonghaulTotal: 20,
      LonghaulDone: 20,
      LonghaulFailed: 0,
    });
  });
});
