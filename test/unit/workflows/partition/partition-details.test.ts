import { describe, expect, test } from 'vitest';
import type { Slice } from '../../../../src/domain/layout.js';
import { partitionDetails } from '../../../../src/workflows/partition/partition-details.js';
import { initialPartition, type PartitionState } from '../../../../src/workflows/partition/partition-state.js';
import { tallyOf } from '../../../support/fakes/tally-of.js';

const slices: readonly Slice[] = [0, 1, 2].map((slice) => ({
  ...{ partition: 0, slice, firstUnit: slice * 10, units: 10 },
}));
const directives = { revision: 0, pause: 'none', retry: 0 } as const;
const fresh = initialPartition({ partition: 0, slices: 3, scheduledMax: 3, directives });
const [slice] = fresh.slices;
const oneDone: PartitionState = {
  ...fresh,
  tally: { ...tallyOf(9), units: { done: 9, found: 0, empty: 0, failed: 1 }, failures: { SourceMissing: 1 } },
  slices: [
    { ...slice!, place: { at: 'complete' } },
    { ...slice!, place: { at: 'running', units: 0 } },
    { ...slice!, place: { at: 'ready', turn: 0 } },
  ],
};
const linesOf = (state: PartitionState, end?: Parameters<typeof partitionDetails>[1]['end']) =>
  partitionDetails(state, { name: 'orders', slices, end, nowMs: Date.UTC(2026, 0, 1) }).split('\n');

describe('the current details of a partition', () => {
  test('say how far it is, and which slices are scheduled', () => {
    expect(linesOf(oneDone)).toEqual([
      '**running**: 10 of 30 units (33.3 %), 1 failed',
      '',
      'Figures of 2026-01-01 00:00:00 UTC',
      '',
      '- 1 of 3 slices complete',
      '- scheduled: s0001; their units are not counted here yet',
      '- 9 units done, 0 empty',
      '- 90 blobs: 9.0 kB read, 45.0 kB uncompressed, 8.1 kB written',
      '- failed with SourceMissing: 1. Next: a blob or container is gone; restore it or correct the unit',
    ]);
  });

  test('say first what blocks, as text', () => {
    const since = '2026-01-01T00:00:00Z';
    const thing = { what: 'account east', class: 'SourceAuth', message: '<b>', since, tries: 1, nextTryMs: 0 } as const;
    expect(linesOf({ ...oneDone, things: [thing] })).toMatchObject({
      0: expect.stringMatching(/^\*\*blocked\*\*: 10 of 30/) as string,
      4: '- **blocked: account east** (SourceAuth) since 2026-01-01 00:00:00 UTC: \\<b\\>',
    });
  });

  test('tell pausing from paused', () => {
    const held = { ...oneDone, directives: { revision: 2, pause: 'drain', retry: 0 } as const };
    expect(linesOf(held)[0]).toMatch(/^\*\*pausing\*\*/);
    expect(linesOf({ ...held, rest: 2 })[0]).toMatch(/^\*\*paused\*\*/);
  });

  test('keep their figures after the end, and say how it ended', () => {
    expect(linesOf(oneDone, 'complete')[0]).toBe('**completed**: 10 of 30 units (33.3 %), 1 failed');
    expect(linesOf(oneDone, 'cancelled')[0]).toMatch(/^\*\*cancelled\*\*: 10 of 30/);
    const failed = linesOf(oneDone, { class: 'Superseded', message: 'taken over' });
    expect(failed[0]).toMatch(/^\*\*failed\*\*: 10 of 30/);
    expect(failed).toContain('- **Superseded**: taken over');
  });
});
