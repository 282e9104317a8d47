import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkSegment } from '../../../../../src/pipeline/pack/deflate/check-segment.js';
import { DeflateEncoder } from '../../../../../src/pipeline/pack/deflate/deflate-encoder.js';
import { createDeflateCore } from '../../../../../src/pipeline/pack/deflate/deflate-core.js';
import { encodeSegment } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { deflateLevels, expansionBytesMax, segmentBytesMax } from '../../../../support/corpora/deflate-fuzz.js';
import { byteKinds } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

const syncFlush = [0x00, 0x00, 0xff, 0xff];

describe('encodeSegment', () => {
  it('ends a segment with a sync flush, so that segments follow each other', () => {
    const pieces = [100, 0, 5000, 1, segmentBytesMax].map((length) =>
      byteKinds['log lines'](randomNumbers(length), length),
    );
    const deflated = pieces.map((raw, index) =>
      encodeSegment(raw, { level: 'standard', last: index === pieces.length - 1 }),
    );
    for (const segment of deflated.slice(0, -1)) expect([...segment.subarray(-4)]).toEqual(syncFlush);
    expect(inflateRawSync(Buffer.concat(deflated)).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('encodes no bytes as an empty final block, or as a sync flush alone', () => {
    expect([...encodeSegment(new Uint8Array(0), { level: 'standard', last: true })]).toEqual([0x03, 0x00]);
    expect([...encodeSegment(new Uint8Array(0), { level: 'standard', last: false })]).toEqual([0x00, ...syncFlush]);
  });

  it.each(deflateLevels)('adds at most 90 bytes to 1 MiB at level %s', (level) => {
    for (const length of [1, 65_535, 65_536, 131_070, 131_071, segmentBytesMax - 1, segmentBytesMax]) {
      const raw = byteKinds.incompressible(randomNumbers(length), length);
      for (const last of [false, true]) {
        const added = encodeSegment(raw, { level, last }).length - length;
        expect(added, `${String(length)} bytes`).toBeLessThanOrEqual(expansionBytesMax(length, last));
      }
    }
    expect(expansionBytesMax(segmentBytesMax, false)).toBe(90);
  });

  it('makes log lines smaller from fast to standard to small', () => {
    const raw = byteKinds['log lines'](randomNumbers(1), segmentBytesMax);
    const [fast, standard, small] = deflateLevels.map((level) => encodeSegment(raw, { level, last: true }).length);
    expect(standard).toBeLessThan(fast!);
    expect(small).toBeLessThan(standard!);
  });

  it('stores bytes that do not compress as they are, beside others that do', () => {
    const text = byteKinds['log lines'](randomNumbers(1), 500_000);
    const noise = byteKinds.incompressible(randomNumbers(2), 400_000);
    const textAlone = encodeSegment(text, { level: 'standard', last: true }).length;
    for (const raw of [Buffer.concat([text, noise]), Buffer.concat([noise, text])]) {
      const added = encodeSegment(raw, { level: 'standard', last: true }).length - noise.length;
      expect(added).toBeLessThan(1.02 * textAlone);
    }
  });

  it('adds no more than storing does when a rare match interrupts what does not compress', () => {
    const noise = byteKinds.incompressible(randomNumbers(3), segmentBytesMax);
    // Where the encoder looks next 16,384 literals after a match, it finds six bytes that it saw right after that
    // match. That saves less than it costs to begin two blocks, and all such blocks together would cost more than to
    // store everything.
    for (let matchEnd = 0; ;) {
      let position = matchEnd;
      while (position - matchEnd < 16_384) position += 1 + Math.min((position - matchEnd) >> 8, 31);
      if (position + 100 > noise.length) break;
      noise.copyWithin(position, matchEnd + 5, matchEnd + 11);
      matchEnd = position + 6;
    }
    const deflated = encodeSegment(noise, { level: 'small', last: false });
    expect(deflated.length - noise.length).toBeLessThanOrEqual(90);
    expect(checkSegment(deflated, noise, { last: false })).toBeUndefined();
  });

  it('ends the last segment with a final block even where a full block ends with it', () => {
    // Each record is one sequence: three bytes of its own, and twenty that match the record before. The first has
    // nothing to match.
    const record = byteKinds.incompressible(randomNumbers(4), 23);
    const records = Buffer.concat(
      Array.from({ length: 8200 }, (_, index) => {
        const own = byteKinds.incompressible(randomNumbers(index + 5), 3);
        return Buffer.concat([own, record.subarray(3)]);
      }),
    );
    for (let count = 8185; count <= 8200; count += 1) {
      const raw = records.subarray(0, count * record.length);
      expect(
        checkSegment(encodeSegment(raw, { level: 'fast', last: true }), raw, { last: true }),
        String(count),
      ).toBeUndefined();
    }
  });

  it('refuses more than 1 MiB', () => {
    const raw = new Uint8Array(segmentBytesMax + 1);
    expect(() => encodeSegment(raw, { level: 'standard', last: true })).toThrow(
      new RangeError('a segment has at most 1048576 bytes, this one has 1048577'),
    );
  });

  it('returns bytes that no later segment changes', () => {
    const encoder = new DeflateEncoder();
    const raw = byteKinds['log lines'](randomNumbers(1), 20_000);
    const deflated = encoder.encodeSegment(raw, { level: 'fast', last: true });
    const before = Buffer.from(deflated);
    encoder.encodeSegment(byteKinds.incompressible(randomNumbers(2), 20_000), { level: 'fast', last: true });
    expect(before.equals(deflated)).toBe(true);
    expect(deflated.buffer.byteLength).toBe(deflated.length);
  });

  it('keeps the memory that an instance starts with, which is below 2.5 MiB', () => {
    const core = createDeflateCore();
    const before = core.memory.buffer.byteLength;
    for (const level of [0, 1, 2]) core.deflateSegment(segmentBytesMax, level, true);
    expect(core.memory.buffer.byteLength).toBe(before);
    expect(before).toBeLessThan(2.5 * 1024 * 1024);
  });
});
