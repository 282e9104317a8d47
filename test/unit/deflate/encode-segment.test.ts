import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DeflateEncoder } from '../../../src/pipeline/deflate/deflate-encoder.js';
import { createDeflateCore } from '../../../src/pipeline/deflate/deflate-core.js';
import { encodeSegment } from '../../../src/pipeline/deflate/encode-segment.js';
import { deflateLevels, expansionBytesMax, segmentBytesMax } from '../../support/deflate-fuzz.js';
import { byteKinds } from '../../support/deflate-inputs.js';
import { randomNumbers } from '../../support/random-numbers.js';

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

  it('refuses more than 1 MiB', () => {
    const raw = new Uint8Array(segmentBytesMax + 1);
    expect(() => encodeSegment(raw, { level: 'standard', last: true })).toThrow(
      new RangeError('A segment has at most 1048576 bytes, this one 1048577: cut it before it is encoded'),
    );
  });

  it('gives bytes that no later segment changes', () => {
    const encoder = new DeflateEncoder();
    const raw = byteKinds['log lines'](randomNumbers(1), 20_000);
    const deflated = encoder.encodeSegment(raw, { level: 'fast', last: true });
    const before = Buffer.from(deflated);
    encoder.encodeSegment(byteKinds.incompressible(randomNumbers(2), 20_000), { level: 'fast', last: true });
    expect(before.equals(deflated)).toBe(true);
    expect(deflated.buffer.byteLength).toBe(deflated.length);
  });

  it('keeps the memory that an instance starts with, and that is below 2.5 MiB', () => {
    const core = createDeflateCore();
    const before = core.memory.buffer.byteLength;
    for (const level of [0, 1, 2]) core.deflateSegment(segmentBytesMax, level, true);
    expect(core.memory.buffer.byteLength).toBe(before);
    expect(before).toBeLessThan(2.5 * 1024 * 1024);
  });
});
