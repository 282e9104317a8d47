import { describe, expect, test } from 'vitest';
import type { PendingSlice } from '../../../src/activities/observe/partition-view.js';
import { listBlocked, listWaiting } from '../../../src/activities/observe/list-blocked.js';
import { maxTallies, partitionTally, sumTallies } from '../../../src/activities/observe/sum-progress.js';
import type { Blocked } from '../../../src/domain/figures/progress.js';
import type { SliceBeat } from '../../../src/domain/figures/slice-report.js';
import { addTallies, emptyTally, type Tally } from '../../../src/domain/figures/tally.js';
import { tallyOf } from '../../support/fakes/tally-of.js';

const now = '2026-01-01T00:10:00.000Z';
const beat = (done: number, extra: Partial<SliceBeat> = {}): SliceBeat => ({
  ...{ v: 1, slice: 'p0001/s0002', range: 'units 0–9', phase: 'moving', done, failed: 1, deferred: 3, of: 10 },
  ...{ inFlight: { count: 0, indexes: [] }, tally: tallyOf(done) },
  ...extra,
});
const view = (slices: PendingSlice[], blocked: Blocked[] = [], waiting: Blocked[] = []) => ({
  ...{ figures: { blocked, waiting }, slices },
});
const list = (partitions: ReturnType<typeof view>[], before: readonly Blocked[] = [], at = now) =>
  listBlocked({ partitions, root: [], before, now: at });
const east = (units: number, since: string): Blocked => ({
  ...{ what: 'account east', class: 'SourceAuth', message: 'expired', since, units },
});

describe('the figures of a migration', () => {
  test('are those of the memos and of the heartbeats of pending slices', () => {
    const slices = [
      { label: 'p0001/s0002', attempt: 1, running: true, beat: beat(4) },
      { label: 'p0001/s0003', attempt: 1, running: true, beat: beat(5) },
      { label: 'p0001/s0004', attempt: 1, running: false },
    ];
    expect(partitionTally({ tally: tallyOf(100) }, slices)).toEqual(tallyOf(109));
    expect(sumTallies([tallyOf(109), tallyOf(1)])).toEqual(tallyOf(110));
  });

  test('do not fall, each on its own', () => {
    const before = addTallies(tallyOf(5), { ...emptyTally, units: { done: 0, found: 2, empty: 0, failed: 3 } });
    const after = maxTallies(before, tallyOf(6));
    expect(after).toEqual({ ...tallyOf(6), units: { done: 6, found: 2, empty: 0, failed: 3 } });
  });

  test('keep what is known of earlier rounds and of a plan, however little of it is known now', () => {
    const known: Tally = {
      ...tallyOf(5),
      earlier: { done: 2, found: 1, empty: 0, failed: 3 },
      sincePlan: { compared: 5, changed: 1 },
      beforeRun: { units: 4, blobs: 40, sourceBytes: 4_000 },
    };
    const less: Tally = { ...tallyOf(4), sincePlan: { compared: 4, changed: 1 } };
    expect(maxTallies(known, less)).toEqual(known);
    expect(maxTallies(less, known)).toEqual(known);
    expect(maxTallies(emptyTally, tallyOf(4))).toEqual(tallyOf(4));
  });
});

describe('what blocks', () => {
  test('is merged over partitions, with the earliest time and all units that wait', () => {
    const views = [view([], [east(5, '2026-01-01T00:05:00Z')]), view([], [east(7, '2026-01-01T00:04:00Z')])];
    expect(list(views)).toEqual([east(12, '2026-01-01T00:04:00Z')]);
  });

  test('includes what running slices have put aside, if it waits for an operator', () => {
    const waiting = (name: 'SourceAuth' | 'SourceThrottled') =>
      beat(4, { waitsFor: { what: 'account east', class: name, message: 'm' } });
    const listed = list([view([{ label: 'p0001/s0002', attempt: 1, running: true, beat: waiting('SourceAuth') }])]);
    expect(listed).toEqual([{ what: 'account east', class: 'SourceAuth', message: 'm', since: now, units: 3 }]);
    expect(
      list([view([{ label: 'p0001/s0002', attempt: 1, running: true, beat: waiting('SourceThrottled') }])]),
    ).toEqual([]);
  });

  test('includes a slice from its fifth attempt on, if the last one failed', () => {
    const lastFailure = { type: 'TypeError', message: 'x is undefined' };
    const failing = (attempt: number): PendingSlice => ({
      label: 'p0001/s0002',
      attempt,
      running: true,
      beat: beat(4),
      lastFailure,
    });
    expect(list([view([failing(4)])])).toEqual([]);
    expect(list([view([failing(5)])])).toEqual([
      {
        what: 'slice p0001/s0002',
        class: 'SliceFailing',
        message: '4 attempts so far, the last one: x is undefined',
        since: now,
        units: 5,
      },
    ]);
    // Timeouts and shutdowns leave no failure.
    expect(list([view([{ label: 'p0001/s0002', attempt: 50, running: true, beat: beat(4) }])])).toEqual([]);
  });

  test('keeps its time from one look to the next', () => {
    const slice: PendingSlice = {
      label: 'p0001/s0001',
      attempt: 9,
      running: false,
      lastFailure: { type: 'Stalled', message: 'no byte moved' },
    };
    const first = list([view([slice])], [], '2026-01-01T00:00:00.000Z');
    const second = list([view([{ ...slice, attempt: 10 }])], first);
    expect(second).toMatchObject([{ class: 'SliceFailing', since: '2026-01-01T00:00:00.000Z' }]);
  });

  test('does not include what units wait for that passes by itself', () => {
    const busy: Blocked = { ...east(4, now), class: 'SourceThrottled' };
    const beaten = { label: 'p0001/s0002', attempt: 1, running: true, beat: beat(4, { waiting: [busy] }) };
    const partitions = [view([beaten]), view([], [], [{ ...busy, units: 3, since: '2026-01-01T00:01:00Z' }])];
    expect(list(partitions)).toEqual([]);
    expect(listWaiting({ partitions, before: [], now })).toEqual([
      { ...busy, units: 7, since: '2026-01-01T00:01:00Z' },
    ]);
  });

  test('of slices between two attempts is what ended the last one, until the next has its ledger', () => {
    const lastFailure = { type: 'TargetNetwork', message: 'connection refused', what: 'control archive' };
    const waits = { what: 'control archive', class: 'TargetNetwork', message: 'connection refused', since: now };
    const slice = { label: 'p0001/s0002', attempt: 2, running: false, beat: beat(4), lastFailure };
    const waiting = (one: PendingSlice) => listWaiting({ partitions: [view([one])], before: [], now });
    expect(waiting(slice)).toEqual([{ ...waits, units: 5 }]);
    expect(waiting({ ...slice, running: true, beat: beat(4, { phase: 'claiming' }) })).toEqual([
      { ...waits, units: 5 },
    ]);
    expect(waiting({ ...slice, running: true })).toEqual([]);
    expect(waiting({ ...slice, lastFailure: { type: 'Stalled', message: 'no byte moved' } })).toEqual([]);
  });

  test('is at most eight entries, those with the most units', () => {
    const many = Array.from({ length: 20 }, (_, units) => ({ ...east(units, now), what: `account ${units}` }));
    expect(list([view([], many)]).map(({ units }) => units)).toEqual([19, 18, 17, 16, 15, 14, 13, 12]);
  });
});
