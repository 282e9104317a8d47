import { describe, expect, test } from 'vitest';
import { partitionSlices, type Slice } from '../../../../src/domain/layout.js';
import type { SliceResult } from '../../../../src/domain/slice-report.js';
import { emptyTally } from '../../../../src/domain/tally.js';
import { SliceBoard } from '../../../../src/workflows/partition/slice-board.js';
import { layoutOf, tallyOf } from '../../../support/fakes/fake-migration.js';

const slices = partitionSlices(layoutOf(1, 4), 0);
const blocked = (what: string): SliceResult => ({
  ...{ state: 'blocked', tally: tallyOf(2), what, class: 'SourceAuth', message: 'expired', deferred: 8 },
});
const take = (board: SliceBoard): Slice => {
  const slice = board.take();
  if (slice === undefined) throw new Error('no slice is ready');
  return slice;
};

describe('the board of a partition', () => {
  test('gives its slices in order, and a part of one before the next', () => {
    const board = new SliceBoard(slices, undefined);
    const first = take(board);
    expect(board.ended(first, { state: 'partial', tally: tallyOf(3) }, 't1')).toBe(false);
    expect([take(board), take(board)].map(({ slice }) => slice)).toEqual([0, 1]);
    expect(board.memo()).toEqual({ tally: emptyTally, blocked: [] });
  });

  test('counts a slice that waits until it starts again, and what blocks it until it gets through', () => {
    const board = new SliceBoard(slices, undefined);
    board.ended(take(board), blocked('account east'), 't1');
    const shown = [{ what: 'account east', class: 'SourceAuth', message: 'expired', since: 't1', units: 8 }];
    expect(board.memo()).toEqual({ tally: tallyOf(2), blocked: shown });
    board.retryWaiting(['account east']);
    expect(board.memo()).toEqual({ tally: tallyOf(2), blocked: shown });
    expect([take(board), take(board), take(board)].map(({ slice }) => slice)).toEqual([1, 2, 3]);
    const again = take(board);
    expect(again.slice).toBe(0);
    expect(board.hasWaited(again)).toBe(true);
    expect(board.memo()).toEqual({ tally: emptyTally, blocked: shown });
    board.ended(again, blocked('account east'), 't2');
    expect(board.memo()).toEqual({ tally: tallyOf(2), blocked: shown });
    board.retryWaiting(['account east']);
    board.ended(take(board), { state: 'complete', tally: tallyOf(10) }, 't3');
    expect(board.memo()).toEqual({ tally: tallyOf(10), blocked: [] });
  });

  test('lets one try for each thing that blocks', () => {
    const board = new SliceBoard(slices, undefined);
    for (const what of ['account east', 'account west', 'account east', 'account west'])
      board.ended(take(board), blocked(what), 't1');
    board.retryWaiting(['account east', 'account west']);
    const tried = [take(board), take(board)];
    expect(tried.map(({ slice }) => slice)).toEqual([0, 1]);
    expect(board.isReady).toBe(false);
    board.ended(tried[1]!, { state: 'complete', tally: tallyOf(10) }, 't2');
    expect(take(board).slice).toBe(3);
    expect(board.isReady).toBe(false);
    expect(board.answer()).toEqual({ of: 4, complete: 1, running: [0, 3], waiting: [2] });
  });

  test('carries what is done over a continue-as-new', () => {
    const board = new SliceBoard(slices, undefined);
    const [first, second] = [take(board), take(board)];
    board.ended(second, { state: 'complete', tally: tallyOf(10) }, 't1');
    board.ended(first, blocked('account east'), 't1');
    const next = new SliceBoard(slices, board.done());
    expect(next.tally).toEqual(tallyOf(10));
    expect([take(next), take(next), take(next)].map(({ slice }) => slice)).toEqual([0, 2, 3]);
    expect(next.take()).toBeUndefined();
  });
});
