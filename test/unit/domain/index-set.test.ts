import { expect, it } from 'vitest';
import { IndexSet } from '../../../src/domain/index-set.js';
import { randomNumbers } from '../../support/random-numbers.js';
import { testSeed } from '../../support/test-seed.js';

it('an index set is a set of whole numbers, however large they are', () => {
  const random = randomNumbers(testSeed('index set'));
  const [indexes, set] = [new IndexSet(), new Set<number>()];
  for (let round = 0; round < 5_000; round += 1) {
    const index = Math.floor(random() * (round % 3 === 0 ? 100 : 300_000));
    expect(indexes.add(index)).toBe(!set.has(index));
    set.add(index);
  }
  expect(indexes.add(200_000_000)).toBe(true);
  expect(indexes.add(200_000_000)).toBe(false);
});
