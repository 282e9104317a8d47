import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt } from '../../../../support/fakes/async-bytes.js';
import { mutate } from '../../../../support/corpora/bzip2-mutations.js';
import { fuzzSeeds } from '../../../../support/corpora/bzip2-seeds.js';
import { inPiecesOf, verdictOn } from '../../../../support/corpora/bzip2-verdict.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

describe('the pieces in which the bzip2 decoder gets its input', () => {
  it('make no difference: the same bytes come out, or the same error with the same stream, block and offset', () => {
    const seeds = fuzzSeeds(randomNumbers(5));
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.nat(4000), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (seed, cuts, size) => {
          const whole = seeds[seed % seeds.length]!;
          for (const input of [whole, mutate(randomNumbers(seed), seeds)]) {
            const verdict = verdictOn([input]);
            // Equal positions make empty pieces.
            expect(verdictOn(cutAt(input, cuts))).toEqual(verdict);
            if (input.length < 5000) expect(verdictOn(inPiecesOf(input, size))).toEqual(verdict);
            expect(verdictOn(inPiecesOf(input, 70_001))).toEqual(verdict);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
