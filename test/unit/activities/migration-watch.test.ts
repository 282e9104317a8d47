import { describe, expect, test } from 'vitest';
import type { MigrationRuns, OpenRoot } from '../../../src/activities/migration-runs.js';
import { describedMax } from '../../../src/activities/observe/choose-described.js';
import { MigrationWatch, type WatchedBefore } from '../../../src/activities/observe/migration-watch.js';
import type { PartitionFigures, PendingSlice } from '../../../src/activities/observe/partition-view.js';
import { partitionWorkflowId } from '../../../src/domain/ids.js';
import type { ObservedProgress } from '../../../src/domain/figures/progress.js';
import type { SliceBeat } from '../../../src/domain/figures/slice-report.js';
import type { MovingUnit } from '../../../src/domain/moment.js';
import { emptyTally, noUnits, type Tally } from '../../../src/domain/figures/tally.js';
import { tallyOf } from '../../support/fakes/tally-of.js';

const root = { workflowId: 'migration/m', runId: 'r' };
const id = (partition: number) => partitionWorkflowId('m', 0, partition);
const figures = (tally: Tally, more: Partial<PartitionFigures> = {}): PartitionFigures => ({
  ...{ closed: false, tally, blocked: [], waiting: [] },
  ...more,
});
const running = (done: number): PendingSlice => {
  const beat: SliceBeat = {
    ...{ v: 1, slice: 's', range: 'r', phase: 'moving', done, failed: 0, deferred: 0, of: 100 },
    ...{ inFlight: { count: 0, indexes: [] }, tally: tallyOf(done) },
  };
  return { label: 's', attempt: 1, running: true, beat };
};

/** A look while the root is running. */
async function look(watch: MigrationWatch, nowMs: number): Promise<ObservedProgress> {
  const progress = await watch.look(nowMs);
  if (progress === undefined) throw new Error('the root has closed');
  return progress;
}

/** A migration whose state a test sets between two looks. */
function bench({ partitions = 5, before }: { partitions?: number; before?: WatchedBefore } = {}) {
  const state = {
    root: { pause: 'none', pending: [] } as Omit<OpenRoot, 'partitions'> | undefined,
    partitions: new Map<number, PartitionFigures>(),
    slices: new Map<number, readonly PendingSlice[]>(),
    described: [] as string[],
  };
  const entries = () => [...state.partitions].map(([partition, one]) => [id(partition), one] as const);
  const runs: MigrationRuns = {
    openRoot: async () =>
      state.root && {
        ...state.root,
        partitions: entries().flatMap(([workflowId, { closed }]) => (closed ? [] : [workflowId])),
      },
    listPartitions: async () => entries().map(([workflowId, one]) => ({ workflowId, ...one })),
    describePartition: async (workflowId) => {
      state.described.push(workflowId);
      const [partition, one] = [...state.partitions].find(([number]) => id(number) === workflowId) ?? [];
      return one && { ...one, slices: state.slices.get(partition ?? -1) ?? [] };
    },
    listEarlierPartitions: async () => [],
    isOpen: async () => false,
    signalProgress: async () => {},
    tellPartition: async () => {},
    tellCredentials: async () => {},
    endObserve: async () => {},
  };
  const watch = new MigrationWatch(runs, root, { name: 'm', round: 0, total: 500, partitions }, before);
  return { state, watch };
}

describe('a watch', () => {
  test('sums open and closed partitions, and the heartbeats of their running slices', async () => {
    const { state, watch } = bench();
    state.partitions.set(0, figures(tallyOf(10))).set(1, figures(tallyOf(100), { closed: true }));
    state.slices.set(0, [running(7)]);
    expect((await look(watch, 0)).tally).toEqual(tallyOf(117));
  });

  test('describes no closed partition', async () => {
    const { state, watch } = bench();
    state.partitions.set(0, figures(tallyOf(100), { closed: true })).set(1, figures(tallyOf(1)));
    await watch.look(0);
    expect(state.described).toEqual([id(1)]);
  });

  test('describes at most 40 in turn, those with running slices more often, and keeps all figures', async () => {
    const { state, watch } = bench({ partitions: 300 });
    for (let partition = 0; partition < 300; partition += 1) {
      state.partitions.set(partition, figures(emptyTally));
      state.slices.set(partition, partition < 10 ? [running(5)] : []);
    }
    const described: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { tally } = await look(watch, round);
      expect(tally).toEqual(tallyOf(50));
      expect(state.described.length).toBeLessThanOrEqual(describedMax);
      described.push(...state.described.splice(0).map((workflowId) => Number(workflowId.slice(-4))));
    }
    expect(new Set(described).size).toBe(300);
    expect(described.filter((partition) => partition === 3)).toHaveLength(10);
  });

  test('never lets figures fall, even below those of the previous watch', async () => {
    const { state, watch } = bench({ before: { tally: tallyOf(50), atMs: 0 } });
    state.partitions.set(0, figures(tallyOf(10)));
    expect((await look(watch, 0)).tally).toEqual(tallyOf(50));
    state.partitions.set(0, figures(tallyOf(70)));
    await watch.look(1_000);
    state.partitions.set(0, figures(tallyOf(60)));
    expect((await look(watch, 2_000)).tally).toEqual(tallyOf(70));
  });

  test('never lets a figure fall below what the root was told, although the last heartbeat was older', async () => {
    const before = { tally: { ...emptyTally, units: { ...noUnits, done: 80, empty: 2 } }, atMs: 0 };
    const { state, watch } = bench({ before });
    state.root = { pause: 'none', pending: [], tally: { ...emptyTally, units: { ...noUnits, done: 86, empty: 2 } } };
    state.partitions.set(0, figures({ ...emptyTally, units: { ...noUnits, done: 85, empty: 4 } }));
    expect((await look(watch, 0)).tally.units).toMatchObject({ done: 86, empty: 4 });
  });

  test('reports that all is at rest when each partition is, or has closed', async () => {
    const { state, watch } = bench({ partitions: 3 });
    state.root = { pause: 'drain', pending: [] };
    state.partitions.set(0, figures(emptyTally, { rest: 4 })).set(1, figures(emptyTally, { closed: true }));
    expect((await look(watch, 0)).rest).toBeUndefined();
    state.partitions.set(2, figures(emptyTally, { rest: 2 }));
    expect((await look(watch, 1)).rest).toBeUndefined();
    state.partitions.set(2, figures(emptyTally, { rest: 4 }));
    expect((await look(watch, 2)).rest).toBe(4);
    // A list that is out of date shows the closed one as open.
    state.partitions.set(1, figures(emptyTally, { rest: 3 }));
    expect((await look(watch, 3)).rest).toBe(4);
  });

  test('shows no time left while the migration is paused or blocked', async () => {
    const { state, watch } = bench({ partitions: 1 });
    const at = async (nowMs: number, done: number, more: Partial<PartitionFigures> = {}) => {
      state.partitions.set(0, figures(tallyOf(done), more));
      return look(watch, nowMs);
    };
    await at(0, 100);
    expect(await at(10_000, 200)).toMatchObject({ etaSeconds: 30, etaRange: { fromSeconds: 20, toSeconds: 60 } });
    const east = { what: 'account east', class: 'SourceAuth', message: 'm', since: '', units: 1 } as const;
    expect(await at(20_000, 300, { blocked: [east] })).toMatchObject({
      etaSeconds: null,
      rate: { unitsPerSecond: 10 },
    });
    state.root = { pause: 'drain', pending: [] };
    expect(await at(30_000, 350, { rest: 1 })).toMatchObject({ etaSeconds: null, rate: { unitsPerSecond: 0 } });
  });

  test('shows no time left while everything waits for what may pass by itself', async () => {
    const { state, watch } = bench({ partitions: 1 });
    const west = { what: 'account west', class: 'SourceNetwork', message: 'm', since: '', units: 1 } as const;
    for (const [nowMs, done] of [[0, 100] as const, [10_000, 200] as const, [100_000, 200] as const]) {
      state.partitions.set(0, figures(tallyOf(done), { waiting: [west] }));
      await watch.look(nowMs);
    }
    expect((await look(watch, 160_000)).etaSeconds).toBeNull();
  });

  test('counts the units of a later round by how they had ended before', async () => {
    const { state, watch } = bench({ partitions: 1 });
    const retried: Tally = { ...tallyOf(1), earlier: { ...noUnits, failed: 1 }, failures: { EmptyUnit: 2 } };
    state.partitions.set(0, figures(retried));
    expect((await look(watch, 0)).tally).toEqual(retried);
    state.partitions.set(0, figures({ ...retried, failures: { EmptyUnit: 1, Incomplete: 1 } }));
    expect((await look(watch, 1)).tally.failures).toEqual({ EmptyUnit: 2, Incomplete: 1 });
  });

  test('measures speeds from the last figures of the attempt before', async () => {
    const { state, watch } = bench({ partitions: 1, before: { tally: tallyOf(100), atMs: 0 } });
    state.partitions.set(0, figures(tallyOf(150)));
    expect(await look(watch, 10_000)).toMatchObject({
      rate: { unitsPerSecond: 5 },
      meanRate: { unitsPerSecond: 5 },
      etaSeconds: 70,
    });
  });

  test('sums up who works on what, who throttles, and which credentials end', async () => {
    const { state, watch } = bench({ partitions: 2 });
    const slice = (worker: string, beat: Partial<SliceBeat>): PendingSlice => {
      const { beat: usual, ...rest } = running(1);
      return { ...rest, worker, beat: { ...usual!, ...beat } };
    };
    const moving = (unit: string, since: string): MovingUnit => ({ unit, bytes: 1, of: 2, since });
    const inFlight = (unit: string, since: string) => ({
      ...{ count: 3, indexes: [1, 2, 3], most: 16, longest: [moving(unit, since)] },
    });
    const throttled = (since: string, perSecond: number) => [{ what: 'account east', since, perSecond }];
    const ends = (endsAt: string) => [{ what: 'account east', endsAt }];
    state.partitions.set(0, figures(emptyTally)).set(1, figures(emptyTally));
    state.slices.set(0, [
      slice('a/1', { inFlight: inFlight('x', '2'), throttled: throttled('5', 2), credentials: ends('9') }),
      slice('a/1', { inFlight: inFlight('y', '1'), throttled: throttled('4', 1), credentials: ends('8') }),
    ]);
    state.slices.set(1, [slice('b/1', { inFlight: inFlight('z', '3') }), { ...running(1), running: false }]);
    await watch.look(0);
    expect(watch.moment).toEqual({
      work: { processes: 2, slices: 3, units: 9, unitsMax: 32 },
      moving: [moving('y', '1'), moving('x', '2'), moving('z', '3')],
      throttled: [{ what: 'account east', since: '4', perSecond: 1 }],
      credentials: ends('8'),
    });
  });

  test('shows an activity of the root that keeps failing', async () => {
    const { state, watch } = bench({ partitions: 1 });
    const lastFailure = { type: 'TargetMissing', message: 'the bucket is gone' };
    state.root = { pause: 'none', pending: [{ type: 'cleanUp', attempt: 3, lastFailure }] };
    expect((await look(watch, 0)).blocked).toMatchObject([{ what: 'cleanUp', class: 'TargetMissing' }]);
  });

  test('ends when the root has ended', async () => {
    const { state, watch } = bench();
    state.root = undefined;
    expect(await watch.look(0)).toBeUndefined();
  });

  test('looks every two seconds at few partitions, and every ten seconds at most of many', async () => {
    const { state, watch } = bench({ partitions: 500 });
    expect(watch.intervalMs).toBe(2_000);
    for (let partition = 0; partition < 24; partition += 1) state.partitions.set(partition, figures(emptyTally));
    await watch.look(0);
    expect(watch.intervalMs).toBe(6_000);
    for (let partition = 0; partition < 500; partition += 1) state.partitions.set(partition, figures(emptyTally));
    await watch.look(1);
    expect(watch.intervalMs).toBe(10_000);
  });

  test.each([1, 16, 64, 200, 500])('makes at most five requests a second, for %i partitions', async (partitions) => {
    const { state, watch } = bench({ partitions });
    for (let partition = 0; partition < partitions; partition += 1)
      state.partitions.set(partition, figures(emptyTally));
    await watch.look(0);
    const requestsPerSecond = (2 + state.described.length) / (watch.intervalMs / 1_000);
    expect(requestsPerSecond).toBeLessThanOrEqual(5);
  });
});
