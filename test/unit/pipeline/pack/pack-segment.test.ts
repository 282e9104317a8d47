import { inflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { gzipSegments } from '../../../../src/pipeline/pack/gzip-segments.js';
import { packSegment } from '../../../../src/pipeline/pack/pack-segment.js';
import { RawDigest } from '../../../../src/pipeline/pack/raw-digest.js';
import { cutAt, noise, piecesOf } from '../../../support/fakes/async-bytes.js';

// The encoder is right; to see what happens when it is not, it is made wrong here.
const encoder = vi.hoisted(() => ({ fault: 'wrong bytes' }));
vi.mock('../../../../src/pipeline/pack/deflate/encode-segment.js', async (original) => ({
  ...(await original<object>()),
  encodeSegment: () => {
    if (encoder.fault === 'trap') throw new WebAssembly.RuntimeError('unreachable');
    return Uint8Array.of(0x03, 0x00);
  },
}));

describe('a segment that our encoder got wrong', () => {
  it.each(['wrong bytes', 'trap'] as const)('(%s) is deflated by zlib instead, and that is reported', async (fault) => {
    encoder.fault = fault;
    const notes: string[] = [];
    const bytes = Buffer.from('a line of a log\n'.repeat(100));
    const deflated = await packSegment(
      { bytes, last: true },
      { level: 'standard', check: true, report: (note) => notes.push(note) },
    );
    expect(inflateRawSync(deflated).equals(bytes)).toBe(true);
    expect(notes).toEqual([
      expect.stringMatching(/^EncoderDisagreement: a segment of longhaul-deflate 1 standard was wrong/),
    ]);
  });

  it('is noticed in the share of segments that is checked, the same ones however the raw bytes arrive', async () => {
    encoder.fault = 'wrong bytes';
    const raw = noise(40 * 1024 * 1024);
    const wrongSegments = async (checkShare: number, cuts: readonly number[]) => {
      const found: number[] = [];
      let segment = 0;
      const encoding = { level: 'standard', checkShare } as const;
      const segments = gzipSegments(piecesOf(cutAt(raw, cuts)), encoding, RawDigest.once(), () => undefined);
      for await (const { bytes } of segments) {
        // Deflated by zlib instead; what the encoder gives here is two bytes.
        if (bytes.length > 100) found.push(segment);
        segment += 1;
      }
      return found;
    };
    expect(await wrongSegments(1, [])).toHaveLength(40);
    expect(await wrongSegments(0, [])).toEqual([]);
    const half = await wrongSegments(0.5, []);
    expect(half.length).toBeGreaterThan(8);
    expect(half.length).toBeLessThan(32);
    expect(await wrongSegments(0.5, [1, 77_777, 5_000_000])).toEqual(half);
  });
});
