import { describe, expect, test } from 'vitest';
import { MigrationWatch } from '../../../src/activities/observe/migration-watch.js';
import type { PartitionView } from '../../../src/activities/observe/partition-view.js';
import { partitionWorkflowId } from '../../../src/domain/ids.js';
import type { Progress } from '../../../src/domain/progress.js';
import { emptyTally, type Tally } from '../../../src/domain/tally.js';
import { tallyOf } from '../../support/fakes/fake-migration.js';

const root = { workflowId: 'migration/m', runId: 'r' };
const id = (partition: number) => partitionWorkflowId('m', 0, partition);
const view = (tally: Tally, closed = false): PartitionView => ({ closed, tally, blocked: [], slices: [] });

/** A look while the root is running. */
async function look(watch: MigrationWatch, nowMs: number): Promise<Progress> {
  const progress = await watch.look(nowMs);
  if (progress === undefined) throw new Error('the root has closed');
  return progress;
}

/** A migration of five partitions whose state a test sets between two looks. */
function bench(floor = emptyTally) {
  const state = {
    running: [] as number[] | undefined,
    views: new Map<number, PartitionView>(),
    described: [] as string[],
  };
  const runs = {
    isOpen: async () => true,
    runningPartitions: async () => state.running?.map(id),
    describe: async (workflowId: string) => {
      state.described.push(workflowId);
      return [...state.views].find(([partition]) => id(partition) === workflowId)?.[1];
    },
    signalProgress: async () => {},
  };
  const watch = new MigrationWatch(runs, root, { name: 'm', round: 0, total: 500, partitions: 5 }, floor);
  return { state, watch };
}

describe('a watch', () => {
  test('sums running partitions and those that closed between two looks', async () => {
    const { state, watch } = bench();
    state.running = [0, 1];
    state.views.set(0, view(tallyOf(10))).set(1, view(tallyOf(20)));
    expect((await look(watch, 0)).tally).toEqual(tallyOf(30));
    state.running = [3];
    state.views
      .set(0, view(tallyOf(100), true))
      .set(1, view(tallyOf(100), true))
      .set(2, view(tallyOf(100), true))
      .set(3, view(tallyOf(5)));
    expect((await look(watch, 1_000)).tally).toEqual(tallyOf(305));
  });

  test('describes a closed partition once, and none that has not been started', async () => {
    const { state, watch } = bench();
    state.running = [1];
    state.views.set(0, view(tallyOf(100), true)).set(1, view(tallyOf(1)));
    await watch.look(0);
    await watch.look(1_000);
    expect(state.described).toEqual([id(0), id(1), id(1)]);
  });

  test('never lets figures go down, not below those of the watch before it either', async () => {
    const { state, watch } = bench(tallyOf(50));
    state.running = [0];
    state.views.set(0, view(tallyOf(10)));
    expect((await look(watch, 0)).tally).toEqual(tallyOf(50));
    state.views.set(0, view(tallyOf(70)));
    await watch.look(1_000);
    state.views.set(0, view(tallyOf(60)));
    expect((await look(watch, 2_000)).tally).toEqual(tallyOf(70));
  });

  test('leaves out a partition of an earlier run', async () => {
    const { state, watch } = bench();
    state.running = [0];
    expect((await look(watch, 0)).tally).toEqual(emptyTally);
  });

  test('ends with the root', async () => {
    const { state, watch } = bench();
    state.running = undefined;
    expect(await watch.look(0)).toBeUndefined();
  });

  test('looks every two seconds at little, and every fifteen at most', async () => {
    const { state, watch } = bench();
    expect(watch.intervalMs).toBe(2_000);
    state.running = Array.from({ length: 24 }, () => 0);
    await watch.look(0);
    expect(watch.intervalMs).toBe(6_000);
    state.running = Array.from({ length: 400 }, () => 0);
    await watch.look(1);
    expect(watch.intervalMs).toBe(15_000);
  });
  test.each([1, 16, 64, 200])('asks at most five times a second for each 64 that run, here %i', async (partitions) => {
    const { state, watch } = bench();
    state.running = Array.from({ length: partitions }, () => 0);
    await watch.look(0);
    const requestsPerSecond = (1 + partitions) / (watch.intervalMs / 1_000);
    expect(requestsPerSecond).toBeLessThanOrEqual(5 * Math.max(1, partitions / 64));
  });
});
