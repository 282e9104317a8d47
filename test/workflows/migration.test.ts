import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionWorkflowId, sliceLabel } from '../../src/domain/ids.js';
import { partitionSlices, type Layout } from '../../src/domain/layout.js';
import type { SliceTask } from '../../src/domain/slice-report.js';
import { memoKey, type PartitionMemo } from '../../src/workflows/messages.js';
import { Barrier } from '../support/fakes/barrier.js';
import { complete, layoutOf, runFakeMigration, tallyOf } from '../support/fakes/fake-migration.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporalServer();
});
afterAll(() => env.teardown());

const labels = (tasks: readonly SliceTask[]) => tasks.map((task) => sliceLabel(task));
const allSlices = (layout: Layout) =>
  Array.from({ length: layout.partitions }, (_, partition) => partitionSlices(layout, partition)).flat();

describe('a migration', () => {
  test('asks for each slice once, with its range, and adds all tallies although several end at the same time', async () => {
    const layout = layoutOf(6, 4);
    // All that run at once are let go at once.
    const barrier = new Barrier(4);
    const run = await runFakeMigration(env, {
      layout,
      slicesInFlight: 4,
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

  test('keeps as many slices running as asked for, and no more', async () => {
    const barrier = new Barrier(3);
    const run = await runFakeMigration(env, {
      layout: layoutOf(8, 4),
      slicesInFlight: 3,
      moveSlice: async (task) => {
        await barrier.pass();
        return complete(task);
      },
    });
    expect(run.result?.phase).toBe('completed');
    expect(barrier.most).toBe(3);
  });

  test('shares the slices in flight out at once when it has few partitions', async () => {
    const barrier = new Barrier(8);
    const run = await runFakeMigration(env, {
      layout: layoutOf(2, 6),
      slicesInFlight: 8,
      moveSlice: async (task) => {
        await barrier.pass();
        return complete(task);
      },
    });
    expect(run.result?.phase).toBe('completed');
    expect(barrier.most).toBe(8);
  });

  test('tells the last partition to run several slices at once', async () => {
    // The last partition's slices end only when four of them run together.
    const barrier = new Barrier(4);
    const run = await runFakeMigration(env, {
      layout: layoutOf(4, 5),
      slicesInFlight: 4,
      moveSlice: async (task) => {
        if (task.partition === 3) await barrier.pass();
        return complete(task);
      },
    });
    expect(run.result?.phase).toBe('completed');
    expect(barrier.most).toBe(4);
  });

  test('ends with failures where units have failed', async () => {
    const failed = { ...tallyOf(9), units: { done: 9, found: 0, empty: 0, failed: 1 } };
    const run = await runFakeMigration(env, {
      layout: layoutOf(1, 1),
      slicesInFlight: 1,
      moveSlice: async () => ({ state: 'complete', tally: failed }),
    });
    expect(run.result).toMatchObject({ phase: 'completed-with-failures', progress: { tally: failed } });
  });

  test('costs at most ten events a slice, partitions and their parent included', async () => {
    const layout = layoutOf(4, 16);
    const run = await runFakeMigration(env, { layout, slicesInFlight: 2 });
    const { control } = run.finished[0]!;
    const ids = Array.from({ length: 4 }, (_, partition) => partitionWorkflowId(control.name, 0, partition));
    const histories = await Promise.all(
      [run.handle.workflowId, ...ids].map((id) => env.client.workflow.getHandle(id).fetchHistory()),
    );
    const events = histories.reduce((sum, history) => sum + (history.events?.length ?? 0), 0);
    expect(events / layout.slices).toBeLessThanOrEqual(10);
    // Fewer would mean that something is not counted.
    expect(events / layout.slices).toBeGreaterThan(6);
  });

  test('shows the range of each slice and of each partition in the Web UI', async () => {
    const run = await runFakeMigration(env, { layout: layoutOf(2, 2), slicesInFlight: 1, searchAttributes: true });
    const { control } = run.finished[0]!;
    const second = env.client.workflow.getHandle(partitionWorkflowId(control.name, 0, 1));
    const description = await second.describe();
    expect(await description.staticSummary()).toBe('p0001: units 20–39');
    expect(await description.staticDetails()).toContain('Partition 2 of 2');
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
