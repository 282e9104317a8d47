import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packDone, unpackDone } from '../../../src/workflows/partition/done-slices.js';

test('a set of slices survives being packed into at most a hundred digits, even for the largest partition', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 399 })), (numbers) => {
      const text = packDone(new Set(numbers), 400);
      expect(text.length).toBeLessThanOrEqual(100);
      expect([...unpackDone(text)].sort()).toEqual([...numbers].sort());
    }),
  );
});
