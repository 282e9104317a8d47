import { describe, expect, it } from 'vitest';
import { addFindings, findingNotes, noFindings, type Findings } from '../../../src/domain/findings/findings.js';

const trailing = (name: string, bytes: number): Findings => ({
  ...noFindings,
  trailing: { blobs: 1, bytes, first: [name] },
});

describe('findings', () => {
  it('of nothing have no notes', () => {
    expect(findingNotes(addFindings(noFindings, noFindings))).toEqual([]);
  });

  it('count all blobs and name the first five', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const sums = names.map((_, index) =>
      names.slice(0, index + 1).reduce((sum, name) => addFindings(sum, trailing(name, 2)), noFindings),
    );
    expect(findingNotes(sums[0]!)).toEqual(['2 bytes after the last streams were ignored in 1 blob: a']);
    expect(findingNotes(sums[4]!)).toEqual(['10 bytes after the last streams were ignored in 5 blobs: a, b, c, d, e']);
    expect(findingNotes(sums[5]!)).toEqual([
      '12 bytes after the last streams were ignored in 6 blobs: a, b, c, d, e, …',
    ]);
  });

  it('keep each note once, and at most twenty', () => {
    const notes = Array.from({ length: 30 }, (_, index) => `note ${index}`);
    const sum = addFindings({ ...noFindings, notes: ['note 3'] }, { ...noFindings, notes });
    expect(sum.notes).toHaveLength(20);
    expect(new Set(sum.notes).size).toBe(20);
  });
});
