import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkSegment } from '../../../../../src/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { byteKinds } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

const raw = byteKinds['log lines'](randomNumbers(1), 10_000);
const middle = { level: 'standard', last: false } as const;
const last = { level: 'standard', last: true } as const;

describe('checkSegment', () => {
  it('accepts segments that are right, even empty ones', () => {
    for (const options of [middle, last]) {
      for (const bytes of [raw, raw.subarray(0, 1), raw.subarray(0, 0)]) {
        expect(checkSegment(encodeSegment(bytes, options), bytes, options)).toBeUndefined();
      }
    }
  });

  it('notices bytes that zlib cannot inflate, and a segment cut short', () => {
    const deflated = encodeSegment(raw, last);
    expect(checkSegment(Uint8Array.of(0x07), raw, last)?.check).toBe('readable');
    for (const length of [0, 1, 100, deflated.length - 1]) {
      expect(checkSegment(deflated.subarray(0, length), raw, last)?.check, String(length)).toBe('readable');
    }
  });

  it('notices a wrong length', () => {
    const deflated = encodeSegment(raw, last);
    expect(checkSegment(deflated, raw.subarray(1), last)?.check).toBe('length');
    expect(checkSegment(deflated, raw.subarray(5000), last)?.check).toBe('length');
    expect(checkSegment(deflated, Buffer.concat([raw, raw]), last)?.check).toBe('length');
  });

  it('notices a single bit that differs', () => {
    const other = Uint8Array.from(raw);
    other[7777]! ^= 1;
    expect(checkSegment(encodeSegment(raw, last), other, last)?.check).toBe('crc32');
    expect(checkSegment(encodeSegment(raw, middle), other, middle)?.check).toBe('crc32');
  });

  it('notices an end at which nothing can follow, or something already does', () => {
    expect(checkSegment(encodeSegment(raw, last), raw, middle)?.check).toBe('ending');
    expect(checkSegment(encodeSegment(raw, middle), raw, last)?.check).toBe('readable');
    expect(checkSegment(Buffer.concat([encodeSegment(raw, last), Buffer.of(0)]), raw, last)?.check).toBe('ending');
    // Ends like a sync flush, but a final block precedes it.
    const finished = Buffer.concat([deflateRawSync(raw), Buffer.of(0x00, 0x00, 0x00, 0xff, 0xff)]);
    expect(checkSegment(finished, raw, middle)?.check).toBe('ending');
  });
});
