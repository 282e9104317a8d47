import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeflateEncoder } from '../../../../../src/pipeline/pack/deflate/deflate-encoder.js';
import { deflateLevels, somethingElse } from '../../../../support/corpora/deflate-fuzz.js';
import { anyBytes } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

it('makes equal bytes of equal input, whatever the encoder did before, and in any encoder', () => {
  const used = new DeflateEncoder();
  const seeds = fc.nat(2 ** 32 - 1);
  fc.assert(
    fc.property(seeds, seeds, fc.constantFrom(...deflateLevels), fc.boolean(), (seed, before, level, last) => {
      const raw = anyBytes(randomNumbers(seed), 150_000);
      somethingElse(used, before, 200_000);
      const deflated = Buffer.from(used.encodeSegment(raw, { level, last }));
      expect(deflated.equals(new DeflateEncoder().encodeSegment(raw, { level, last }))).toBe(true);
    }),
    { numRuns: 150 },
  );
});
