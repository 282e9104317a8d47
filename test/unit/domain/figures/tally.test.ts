import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import { type Receipt, receiptTally } from '../../../../src/domain/receipt.js';
import { addTallies, emptyTally, finishedUnits } from '../../../../src/domain/figures/tally.js';
import { overallUnits } from '../../../../src/domain/figures/unit-figures.js';

const receipt: Receipt = {
  index: 0,
  id: 'a',
  key: 'a.gz',
  state: 'done',
  blobs: 3,
  bytes: { source: 10, raw: 100, target: 20 },
  skipped: [],
  notes: [],
  build: 'longhaul 0.1.0, zlib 1.3.1 level 6',
  at: '2024-01-01T00:00:00.000Z',
};

describe('receiptTally', () => {
  it.each([
    { state: 'done', units: { done: 1, found: 0, empty: 0, failed: 0 }, blobs: 3, source: 10 },
    { state: 'found', units: { done: 1, found: 1, empty: 0, failed: 0 }, blobs: 3, source: 10 },
    { state: 'empty', units: { done: 0, found: 0, empty: 1, failed: 0 }, blobs: 0, source: 0 },
    { state: 'failed', units: { done: 0, found: 0, empty: 0, failed: 1 }, blobs: 0, source: 0 },
  ] as const)('counts a unit that is $state', ({ state, units, blobs, source }) => {
    const tally = receiptTally({ ...receipt, state });
    expect(tally.units).toEqual(units);
    expect(tally.blobs.done).toBe(blobs);
    expect(tally.bytes).toEqual({ source, raw: source * 10, target: source * 2 });
    expect(finishedUnits(tally)).toBe(1);
  });
});

describe('failures', () => {
  const failed = (failureClass?: FailureClass) =>
    receiptTally({ ...receipt, state: 'failed', ...(failureClass && { class: failureClass }) });

  it('are counted by class, and absent where nothing failed', () => {
    const all = [failed('EmptyUnit'), failed('Incomplete'), receiptTally(receipt), failed('EmptyUnit'), failed()];
    expect(all.reduce(addTallies, emptyTally).failures).toEqual({ EmptyUnit: 2, Incomplete: 1, Unexpected: 1 });
    expect(addTallies(receiptTally(receipt), emptyTally)).not.toHaveProperty('failures');
  });
});

describe('addTallies', () => {
  it('adds every field', () => {
    const one = { units: { done: 1, found: 2, empty: 3, failed: 4 }, blobs: { done: 5 } };
    const a = { ...one, bytes: { source: 6, raw: 7, target: 8 } };
    expect(addTallies(a, a)).toEqual({
      units: { done: 2, found: 4, empty: 6, failed: 8 },
      blobs: { done: 10 },
      bytes: { source: 12, raw: 14, target: 16 },
    });
    expect(addTallies(a, emptyTally)).toEqual(a);
    expect(addTallies(emptyTally, a)).toEqual(a);
  });
});

it('counts the units that were compared with a plan, and those of them that have changed since', () => {
  const [same, changed, uncompared] = [{ sincePlan: 'same' }, { sincePlan: 'changed' }, {}] as const;
  const tally = [uncompared, same, changed, uncompared, changed]
    .map((compared) => receiptTally({ ...receipt, ...compared }))
    .reduce(addTallies, emptyTally);
  expect(tally.sincePlan).toEqual({ compared: 3, changed: 2 });
  expect(receiptTally(receipt)).not.toHaveProperty('sincePlan');
});

describe('finishedUnits', () => {
  it('counts found units once: they are done', () => {
    expect(finishedUnits({ ...emptyTally, units: { done: 5, found: 2, empty: 1, failed: 3 } })).toBe(9);
  });
});

it('sums how units had ended before, so that a later round replaces what it has done again', () => {
  const again = (state: Receipt['state'], earlier?: Receipt['state']): Receipt => ({
    ...receipt,
    state,
    ...(earlier === undefined ? {} : { earlier }),
  });
  const tally = [again('done', 'failed'), again('found', 'found'), again('done'), again('failed', 'done')]
    .map(receiptTally)
    .reduce(addTallies, emptyTally);
  expect(tally.earlier).toEqual({ done: 2, found: 1, empty: 0, failed: 1 });
  const before = { total: 11, done: 7, found: 1, empty: 1, failed: 2 };
  expect(overallUnits(before, { total: 4, tally })).toEqual({ total: 11, done: 8, found: 1, empty: 1, failed: 2 });
  expect(overallUnits(undefined, { total: 4, tally })).toEqual({ total: 4, done: 3, found: 1, empty: 0, failed: 1 });
});
