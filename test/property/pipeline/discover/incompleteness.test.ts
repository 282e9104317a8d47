import fc from 'fast-check';
import { expect, it } from 'vitest';
import { incompleteness } from '../../../../src/pipeline/discover/incompleteness.js';

it('finds the gaps of a sequence that counting one by one finds', () => {
  // Close to each other, so that some have no gap; up to fifteen digits, padded or not, in any order and repeated.
  const numbers = fc.integer({ min: 0, max: 999_999_999_999_900 }).chain((first) =>
    fc.array(
      fc.nat(60).map((step) => first + step),
      { maxLength: 40 },
    ),
  );
  fc.assert(
    fc.property(numbers, fc.constantFrom(1, 4, 15), (found, width) => {
      const blobs = found.map((number) => blobNamed(`p-${String(number).padStart(width, '0')}.bz2`));
      const lack = incompleteness(blobs, { sequence: (name) => /^p-(\d+)\.bz2$/.exec(name)?.[1] });
      const missing = (lack?.missing ?? []).flatMap(([from, to]) => upTo(from, to));
      const there = new Set(found);
      const all = found.length === 0 ? [] : upTo(Math.min(...found), Math.max(...found));
      expect(missing).toEqual(all.filter((number) => !there.has(number)));
      expect(lack === undefined).toBe(missing.length === 0);
    }),
    { numRuns: 500 },
  );
});

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const blobNamed = (name: string) => ({ account: 'east', container: 'c', name, etag: '"1"', bytes: 1, md5: null });
