import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/domain/failure-classes.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { toPlannedLine } from '../../../src/planning/planned-line.js';

const receipt: Receipt = {
  ...{ index: 7, id: 'a', key: 'a.gz', state: 'done', blobs: 3, bytes: { source: 30, raw: 0, target: 0 } },
  planned: { newest: '2026-01-01T00:00:00.000Z', repeated: 1, requests: { lists: 2, heads: 4 } },
  ...{ skipped: [], notes: [], build: 'longhaul 1.2.3', at: '2026-01-02T00:00:00.000Z' },
};

describe('the line of a planned unit', () => {
  it('has the figures of its receipt', () => {
    expect(toPlannedLine(receipt)).toEqual({
      ...{ index: 7, id: 'a', key: 'a.gz', state: 'ready', blobs: 3, bytes: 30, repeated: 1, lists: 2, heads: 4 },
      ...{ newestMs: Date.parse('2026-01-01'), atMs: Date.parse('2026-01-02') },
    });
  });

  it.each<[Receipt['state'], FailureClass | undefined, number, string]>([
    ['done', undefined, 3, 'ready'],
    ['done', undefined, 0, 'empty'],
    ['empty', undefined, 0, 'empty'],
    ['failed', 'EmptyUnit', 0, 'empty'],
    ['failed', 'Incomplete', 3, 'incomplete'],
    ['failed', 'SourceMissing', 0, 'incomplete'],
    ['failed', 'LimitExceeded/UnitBlobs', 0, 'failing'],
  ])('calls a unit that is %s, class %s, with %d blobs, %s', (state, failureClass, blobs, expected) => {
    const line = toPlannedLine({ ...receipt, state, blobs, ...(failureClass && { class: failureClass }) });
    expect(line.state).toBe(expected);
    expect(line.class).toBe(failureClass);
  });
});
