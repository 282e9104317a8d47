import { expect, it } from 'vitest';
import { DeflateEncoder } from '../../../../../src/pipeline/pack/deflate/deflate-encoder.js';
import { deflateLevels, segmentBytesMax, stepsPerByteMax } from '../../../../support/corpora/deflate-fuzz.js';
import { byteKinds, periodic } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

// Steps, not seconds: the same count on a busy machine and on an idle one.

const encoder = new DeflateEncoder();

it.each(deflateLevels)('takes a bounded number of steps a byte at level %s, whatever the bytes', (level) => {
  const inputs = [
    ...Object.values(byteKinds).flatMap((make) => [1, 2, 3].map((seed) => make(randomNumbers(seed), 200_000))),
    ...[1, 2, 3, 4, 5, 6, 7, 15, 63, 64, 65, 255, 257, 258, 259, 1000, 32_767, 32_768, 32_769].map((period) =>
      periodic(randomNumbers(period), period, 200_000),
    ),
  ];
  for (const [index, raw] of inputs.entries()) {
    encoder.encodeSegment(raw, { level, last: true });
    expect(encoder.stepsTaken / raw.length, `input ${String(index)}`).toBeLessThan(stepsPerByteMax[level]);
  }
});

it('hardly searches what does not compress', () => {
  encoder.encodeSegment(byteKinds.incompressible(randomNumbers(1), segmentBytesMax), { level: 'small', last: true });
  expect(encoder.stepsTaken / segmentBytesMax).toBeLessThan(0.1);
});

it('counts work: harder levels take more of it', () => {
  const raw = byteKinds['log lines'](randomNumbers(1), segmentBytesMax);
  const [fast, standard, small] = deflateLevels.map((level) => {
    encoder.encodeSegment(raw, { level, last: true });
    return encoder.stepsTaken / raw.length;
  });
  expect(fast).toBeGreaterThan(1);
  expect(standard).toBeGreaterThan(fast!);
  expect(small).toBeGreaterThan(standard!);
});
