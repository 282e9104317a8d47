import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutParts } from '../../../../src/pipeline/pack/cut-parts.js';
import { gzipSegments } from '../../../../src/pipeline/pack/gzip-segments.js';
import { RawDigest } from '../../../../src/pipeline/pack/raw-digest.js';
import { bytesOf, cutAt, joinAll, noise, piecesOf, segmentsOf } from '../../../support/fakes/async-bytes.js';

const MiB = 1024 * 1024;
const note = (text: string): void => {
  throw new Error(text);
};
const encoding = { level: 1, checkShare: 0 };
const raw = Buffer.concat([noise(200_000), Buffer.alloc(2 * MiB, 'a line\n'), noise(300_000, 3)]);

it('makes equal gzip bytes and digests of equal raw bytes, however they are cut', async () => {
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: raw.length }),
    fc.constantFrom(0, 1, MiB - 1, MiB, MiB + 1, 2 * MiB),
  );
  await fc.assert(
    fc.asyncProperty(
      lengths,
      fc.array(fc.oneof(fc.nat(raw.length), fc.integer({ min: MiB - 2, max: MiB + 2 })), { maxLength: 40 }),
      async (length, cuts) => {
        const bytes = raw.subarray(0, length);
        const whole = RawDigest.once();
        const pieces = RawDigest.once();
        const expected = await joinAll(bytesOf(gzipSegments(piecesOf([bytes]), encoding, whole, note)));
        const actual = await joinAll(bytesOf(gzipSegments(piecesOf(cutAt(bytes, cuts)), encoding, pieces, note)));
        expect(actual.equals(expected)).toBe(true);
        expect(gunzipSync(actual).equals(bytes)).toBe(true);
        const proof = pieces.finish();
        expect(proof).toEqual(whole.finish());
        expect(proof.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      },
    ),
    { numRuns: 25 },
  );
});

it('cuts segments of any sizes into parts in order, each of the fewest that reach its size', async () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 4 * MiB }), fc.constantFrom(8 * MiB - 1, 8 * MiB, 8 * MiB + 1));
  const bytes = Buffer.alloc(9 * MiB, 'x');
  await fc.assert(
    fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 12 }), async (sizes) => {
      const total = sizes.reduce((sum, each) => sum + each, 0);
      const parts: { number: number; length: number; last: boolean }[] = [];
      for await (const { number, body, last } of cutParts(segmentsOf(sizes.map((each) => bytes.subarray(0, each))), 0))
        parts.push({ number, length: body.length, last });
      expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(total);
      expect(parts.map((part) => part.number)).toEqual(parts.map((_, index) => index + 1));
      expect(parts.map((part) => part.last)).toEqual(parts.map((_, index) => index === parts.length - 1));
      let next = 0;
      for (const part of parts) {
        let length = 0;
        while (next < sizes.length && length < 8 * MiB) {
          length += sizes[next]!;
          next += 1;
        }
        expect(part.length).toBe(length);
      }
    }),
    { numRuns: 30 },
  );
});
