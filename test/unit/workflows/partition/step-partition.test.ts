import { describe, expect, test } from 'vitest';
import type { SliceResult } from '../../../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../../../src/domain/figures/tally.js';
import { partitionMemo, slicesAnswer } from '../../../../src/workflows/partition/partition-memo.js';
import {
  carriedOver,
  initialPartition,
  type PartitionState,
} from '../../../../src/workflows/partition/partition-state.js';
import type { PartitionCommand } from '../../../../src/workflows/partition/partition-command.js';
import { stepPartition, type PartitionEvent } from '../../../../src/workflows/partition/step-partition.js';
import { tallyOf } from '../../../support/fakes/tally-of.js';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const since = '2026-01-01T00:00:00.000Z';
const directives = { revision: 0, pause: 'none', retry: 0 } as const;
const blocked = (what: string, done = 2): SliceResult => ({
  ...{ state: 'blocked', tally: tallyOf(done), what, class: 'SourceAuth', message: 'expired', deferred: 8 },
});
const complete: SliceResult = { state: 'complete', tally: tallyOf(10) };

/** A partition of some slices that takes events. */
class Bench {
  state: PartitionState;
  nowMs = startMs;
  commands: readonly PartitionCommand[] = [];

  constructor(slices: number, scheduledMax: number, carried?: ReturnType<typeof carriedOver>) {
    this.state = initialPartition({ ...{ partition: 0, slices, scheduledMax, directives }, ...carried });
    this.take({ kind: 'begun' });
  }

  take(event: PartitionEvent): this {
    [this.state, this.commands] = stepPartition(this.state, event, this.nowMs);
    return this;
  }

  ended(slice: number, result: SliceResult): this {
    return this.take({ kind: 'ended', slice, result });
  }

  /** Lets time pass until the partition is woken. */
  wake(): this {
    this.nowMs = this.state.wakeAtMs ?? Number.NaN;
    return this.take({ kind: 'woken' });
  }

  get scheduled(): readonly number[] {
    return this.commands.flatMap((command) => (command.kind === 'schedule' ? [command.slice] : []));
  }

  get canaries(): readonly number[] {
    return this.commands.flatMap((command) => (command.kind === 'schedule' && command.canary ? [command.slice] : []));
  }
}

describe('a partition', () => {
  test('schedules its slices in order, and a part of one before the next', () => {
    const bench = new Bench(4, 1);
    expect(bench.scheduled).toEqual([0]);
    expect(bench.ended(0, { state: 'partial', tally: tallyOf(3) }).scheduled).toEqual([0]);
    expect(partitionMemo(bench.state)).toEqual({ tally: emptyTally, blocked: [] });
    expect(bench.ended(0, complete).scheduled).toEqual([1]);
  });

  test('schedules a slice ever more slowly that hands back without having finished a unit', () => {
    const bench = new Bench(1, 1);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      bench.ended(0, { state: 'partial', tally: emptyTally });
      expect(bench.scheduled).toEqual([]);
      const before = bench.nowMs;
      expect(bench.wake().scheduled).toEqual([0]);
      waits.push((bench.nowMs - before) / 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(bench.ended(0, { state: 'partial', tally: tallyOf(1) }).scheduled).toEqual([0]);
  });

  test('counts a slice that is blocked until it starts again, and what blocks it until it gets through', () => {
    const bench = new Bench(2, 2);
    bench.ended(1, complete).ended(0, blocked('account east'));
    const shown = [{ what: 'account east', class: 'SourceAuth', message: 'expired', since, units: 8 }];
    expect(partitionMemo(bench.state)).toEqual({ tally: tallyOf(12), blocked: shown });
    expect(bench.wake().canaries).toEqual([0]);
    expect(partitionMemo(bench.state)).toEqual({ tally: tallyOf(10), blocked: shown });
    bench.ended(0, blocked('account east', 4));
    expect(partitionMemo(bench.state)).toEqual({ tally: tallyOf(14), blocked: shown });
    bench.wake().ended(0, complete);
    expect(partitionMemo(bench.state)).toEqual({ tally: tallyOf(20), blocked: [] });
    expect(bench.commands).toEqual([{ kind: 'end', as: 'complete' }]);
  });

  test('sends one canary for each thing that blocks, and all others follow when it gets through', () => {
    const bench = new Bench(5, 5);
    for (const [slice, what] of ['account east', 'account west', 'account east', 'account west'].entries()) {
      bench.ended(slice, blocked(what));
    }
    bench.ended(4, complete);
    bench.nowMs += 60_000;
    expect(bench.take({ kind: 'woken' }).canaries).toEqual([0, 1]);
    expect(slicesAnswer(bench.state)).toEqual({ of: 5, complete: 1, running: [0, 1], waiting: [2, 3] });
    expect(bench.ended(1, complete).commands).toEqual([{ kind: 'schedule', slice: 3, canary: false }]);
    expect(bench.ended(0, blocked('account east')).scheduled).toEqual([]);
  });

  test('tries ever more rarely, from 15 s to 10 min, while a canary is refused', () => {
    const bench = new Bench(1, 1);
    bench.ended(0, blocked('account east'));
    for (const seconds of [15, 30, 60, 120, 240, 480, 600, 600]) {
      const before = bench.nowMs;
      expect(bench.wake().canaries).toEqual([0]);
      expect(Math.abs((bench.nowMs - before) / 1_000 / seconds - 1)).toBeLessThanOrEqual(0.2);
      bench.ended(0, blocked('account east'));
    }
    expect(partitionMemo(bench.state).blocked[0]?.since).toBe(since);
  });

  test.each(['target archive', 'control archive'])('schedules nothing but a canary while %s blocks', (what) => {
    const bench = new Bench(6, 2);
    expect(bench.ended(0, blocked(what)).scheduled).toEqual([]);
    expect(bench.ended(1, { state: 'partial', tally: tallyOf(1) }).scheduled).toEqual([]);
    expect(bench.wake().commands.slice(0, 1)).toEqual([{ kind: 'schedule', slice: 0, canary: true }]);
    expect(bench.ended(0, { state: 'partial', tally: tallyOf(3) }).scheduled).toEqual([0, 1]);
  });

  test('schedules the slices of other accounts while one blocks', () => {
    const bench = new Bench(4, 2);
    expect(bench.ended(0, blocked('account east')).scheduled).toEqual([2]);
  });

  test('lets a slice wait as long as it asks for, while others go first, and shows why', () => {
    const bench = new Bench(3, 1);
    const waits = { what: 'account east', class: 'SourceNetwork', message: 'no route', since, units: 3 } as const;
    const waiting: SliceResult = { state: 'waiting', tally: tallyOf(7), retryInMs: 40_000, waiting: [waits] };
    expect(bench.ended(0, waiting).scheduled).toEqual([1]);
    expect(partitionMemo(bench.state)).toEqual({ tally: tallyOf(7), blocked: [], waiting: [waits] });
    bench.nowMs += 40_000;
    expect(bench.ended(1, complete).scheduled).toEqual([2]);
    expect(bench.ended(2, complete).scheduled).toEqual([0]);
    bench.take({ kind: 'woken' });
    // After each vain attempt it waits longer.
    const delays = [1, 2, 3].map(() => {
      const before = bench.nowMs;
      bench.ended(0, waiting).wake();
      return (bench.nowMs - before) / 1_000;
    });
    expect(delays).toEqual([40, 80, 120]);
  });

  test('goes by the directives of the highest revision, in whatever order they arrive', () => {
    const bench = new Bench(4, 1);
    bench.take({ kind: 'told', directives: { revision: 3, pause: 'now', retry: 0 } });
    expect(bench.commands).toEqual([{ kind: 'interrupt-slices' }]);
    expect(bench.take({ kind: 'interrupted', slice: 0 }).scheduled).toEqual([]);
    expect(partitionMemo(bench.state)).toMatchObject({ rest: 3 });
    expect(bench.take({ kind: 'told', directives: { revision: 2, pause: 'none', retry: 1 } }).scheduled).toEqual([]);
    bench.take({ kind: 'told', directives: { revision: 4, pause: 'none', retry: 1 } });
    expect(bench.scheduled).toEqual([0]);
  });

  test('tries everything at once that is blocked or waits, when the operator resumes', () => {
    const bench = new Bench(2, 2);
    bench
      .ended(0, blocked('account east'))
      .ended(1, { state: 'waiting', tally: emptyTally, retryInMs: 60_000, waiting: [] });
    bench.take({ kind: 'told', directives: { revision: 1, pause: 'none', retry: 1 } });
    expect(bench.commands).toMatchObject([
      { kind: 'schedule', slice: 0, canary: true },
      { kind: 'schedule', slice: 1, canary: false },
    ]);
  });

  test('tries what is blocked at once when a credential may be a fresh one, and then more rarely again', () => {
    const bench = new Bench(2, 2);
    for (const slice of [0, 1]) bench.ended(slice, blocked('account east'));
    for (let refusals = 0; refusals < 3; refusals += 1) bench.wake().ended(0, blocked('account east'));
    expect(bench.take({ kind: 'renewed' }).canaries).toEqual([0]);
    expect(bench.take({ kind: 'renewed' }).canaries).toEqual([]);
    bench.ended(0, blocked('account east'));
    const waits = ((bench.state.things[0]?.nextTryMs ?? Number.NaN) - bench.nowMs) / 1_000;
    expect(waits).toBeGreaterThan(20);
    expect(waits).toBeLessThan(40);
  });

  test('sends another canary at once where one was interrupted, or waits', () => {
    const bench = new Bench(3, 2);
    for (const slice of [0, 1, 2]) bench.ended(slice, blocked('account east'));
    expect(bench.wake().canaries).toEqual([0]);
    expect(bench.take({ kind: 'interrupted', slice: 0 }).canaries).toEqual([0]);
    expect(bench.ended(0, { state: 'waiting', tally: emptyTally, retryInMs: 5_000, waiting: [] }).canaries).toEqual([
      1,
    ]);
  });

  test('continues as new once nothing runs, with what is complete, what blocks, and when it tries next', () => {
    const bench = new Bench(6, 3);
    bench.ended(0, complete).ended(1, blocked('account east')).ended(2, blocked('account east'));
    bench.wake().ended(1, blocked('account east'));
    const { things } = bench.state;
    expect(bench.take({ kind: 'history-is-long' }).scheduled).toEqual([]);
    bench.ended(3, complete).ended(4, complete);
    expect(bench.ended(5, { state: 'partial', tally: tallyOf(1) }).commands).toEqual([
      { kind: 'end', as: 'continued' },
    ]);
    const carried = carriedOver(bench.state);
    expect(JSON.stringify(carried).length).toBeLessThan(600);
    const next = new Bench(6, 3, carried);
    expect(next.scheduled).toEqual([5]);
    expect(next.state.things).toEqual(things);
    expect(next.state.tally).toEqual(tallyOf(30));
    next.nowMs = bench.nowMs;
    expect(next.wake().canaries).toEqual([1]);
  });

  test('ends with the first failure that is final, after the other slices have handed back', () => {
    const bench = new Bench(3, 2);
    const failure = { class: 'Superseded', message: 'taken over' } as const;
    expect(bench.take({ kind: 'failed', slice: 0, failure }).commands).toEqual([{ kind: 'interrupt-slices' }]);
    expect(bench.ended(1, { state: 'partial', tally: tallyOf(1) }).commands).toEqual([{ kind: 'end', as: failure }]);
  });

  test('ends as cancelled after its slices have handed back', () => {
    const bench = new Bench(3, 2);
    expect(bench.take({ kind: 'cancelled' }).scheduled).toEqual([]);
    expect(bench.take({ kind: 'interrupted', slice: 0 }).commands).toEqual([]);
    expect(bench.take({ kind: 'interrupted', slice: 1 }).commands).toEqual([{ kind: 'end', as: 'cancelled' }]);
  });
});
