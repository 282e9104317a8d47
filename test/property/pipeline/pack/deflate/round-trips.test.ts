import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSegment } from '../../../../../src/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { deflateLevels, expansionBytesMax, segmentBytesMax } from '../../../../support/corpora/deflate-fuzz.js';
import { anyBytes, byteKinds, periodic } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

describe('zlib inflates what the encoder makes to the same bytes', () => {
  it.each(deflateLevels)('of every length from 0 to 2,000, level %s', (level) => {
    for (const [kind, make] of Object.entries(byteKinds)) {
      const bytes = make(randomNumbers(2), 2000);
      for (let length = 0; length <= 2000; length += 1) {
        expectRight(bytes.subarray(0, length), level, length % 2 === 0, `${String(length)} bytes of ${kind}`);
      }
    }
  });

  it.each(deflateLevels)('of every period from 1 to 300, level %s', (level) => {
    for (let period = 1; period <= 300; period += 1) {
      const bytes = periodic(randomNumbers(period), period, 3000 + period);
      expectRight(bytes, level, period % 2 === 0, `period ${String(period)}`);
    }
  });

  it.each(deflateLevels)('of lengths around the sizes of windows, stored blocks and segments, level %s', (level) => {
    for (const size of [32_768, 65_535, 65_536, 131_070, segmentBytesMax]) {
      for (const kind of ['incompressible', 'log lines', 'zeros', 'near copies of one block'] as const) {
        const bytes = byteKinds[kind](randomNumbers(size), Math.min(size + 1, segmentBytesMax));
        for (const length of [size - 1, size, size + 1].filter((each) => each <= segmentBytesMax)) {
          expectRight(bytes.subarray(0, length), level, length % 2 === 0, `${String(length)} bytes, ${kind}`);
        }
      }
    }
  });

  it('of mixtures of all kinds', () => {
    const inputs = fc.record({ seed: fc.nat(2 ** 32 - 1), max: fc.integer({ min: 1, max: 300_000 }) });
    fc.assert(
      fc.property(inputs, fc.constantFrom(...deflateLevels), fc.boolean(), ({ seed, max }, level, last) => {
        expectRight(anyBytes(randomNumbers(seed), max), level, last, 'a mixture');
      }),
      { numRuns: 400 },
    );
  });

  it('of bytes as they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40, size: 'max' }), { maxLength: 60, size: 'max' }),
        fc.array(fc.nat(59), { maxLength: 200, size: 'max' }),
        fc.constantFrom(...deflateLevels),
        (pieces, order, level) => {
          const bytes = Buffer.concat(order.map((index) => pieces[index] ?? new Uint8Array(0)));
          expectRight(bytes, level, true, 'repeated pieces');
        },
      ),
      { numRuns: 300 },
    );
  });
});

/**
 * By hand and not by `expect` for each, which would take longer than the encoding of tens of thousands of small inputs.
 */
function expectRight(raw: Uint8Array, level: (typeof deflateLevels)[number], last: boolean, label: string): void {
  const deflated = encodeSegment(raw, { level, last });
  const difference = checkSegment(deflated, raw, { last });
  const tooLarge = deflated.length > raw.length + expansionBytesMax(raw.length, last);
  if (difference === undefined && !tooLarge) return;
  expect.fail(`${label}, level ${level}, last ${String(last)}: ${difference?.message ?? 'it grows too much'}`);
}
