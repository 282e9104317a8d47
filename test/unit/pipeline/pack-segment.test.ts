import { inflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { packSegment } from '../../../src/pipeline/pack-segment.js';

// The encoder is right; to see what happens when it is not, it is made wrong here.
const encoder = vi.hoisted(() => ({ fault: 'wrong bytes' }));
vi.mock('../../../src/pipeline/deflate/encode-segment.js', () => ({
  encodeSegment: () => {
    if (encoder.fault === 'trap') throw new WebAssembly.RuntimeError('unreachable');
    return Uint8Array.of(0x03, 0x00);
  },
}));

describe('a segment that our encoder got wrong', () => {
  it.each(['wrong bytes', 'trap'] as const)('(%s) is deflated by zlib instead, and that is told', async (fault) => {
    encoder.fault = fault;
    const notes: string[] = [];
    const bytes = Buffer.from('a line of a log\n'.repeat(100));
    const deflated = await packSegment({ bytes, last: true }, 'standard', (note) => notes.push(note));
    expect(inflateRawSync(deflated).equals(bytes)).toBe(true);
    expect(notes).toEqual([
      expect.stringMatching(/^EncoderDisagreement: a segment of longhaul-deflate 1 standard was wrong/),
    ]);
  });
});
