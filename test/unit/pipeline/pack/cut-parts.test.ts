import { describe, expect, it } from 'vitest';
import { cutParts } from '../../../../src/pipeline/pack/cut-parts.js';
import { segmentsOf } from '../../../support/fakes/async-bytes.js';

const MiB = 1024 * 1024;
const mebibyte = Buffer.alloc(MiB, 'x');

async function cut(segments: Iterable<Uint8Array>, sourceBytes = 0) {
  const parts: (readonly [number, number, boolean])[] = [];
  for await (const { number, body, last } of cutParts(segmentsOf(segments), sourceBytes))
    parts.push([number, body.length, last]);
  return parts;
}

describe('cutParts', () => {
  it('makes one empty last part of no bytes', async () => {
    expect(await cut([])).toEqual([[1, 0, true]]);
  });

  it('keeps an object of exactly one part in one', async () => {
    expect(await cut(Array<Buffer>(8).fill(mebibyte))).toEqual([[1, 8 * MiB, true]]);
  });

  it('begins another part with one byte more', async () => {
    expect(await cut([...Array<Buffer>(8).fill(mebibyte), Buffer.alloc(1)])).toEqual([
      [1, 8 * MiB, false],
      [2, 1, true],
    ]);
  });

  it('never cuts a segment', async () => {
    const segments = [mebibyte.subarray(1), ...Array<Buffer>(7).fill(mebibyte), mebibyte, mebibyte];
    expect(await cut(segments)).toEqual([
      [1, 9 * MiB - 1, false],
      [2, MiB, true],
    ]);
  });

  it('refuses an object that needs more than 10,000 parts, whose last ones are 128 MiB', async () => {
    const large = Buffer.alloc(128 * MiB);
    const tail = async (segments: readonly Uint8Array[]) => {
      const lengths: number[] = [];
      for await (const { body } of cutParts(segmentsOf(segments), 0, 9_999)) lengths.push(body.length);
      return lengths;
    };
    expect(await tail([large, large])).toEqual([128 * MiB, 128 * MiB]);
    await expect(tail([large, large, mebibyte])).rejects.toThrow('more than 10000 parts');
  });

  it('makes larger parts for larger sources', async () => {
    const sourceBytes = 10 * MiB * 5_000;
    const parts = await cut(Array<Buffer>(21).fill(mebibyte), sourceBytes);
    expect(parts.map(([, size]) => size)).toEqual([10 * MiB, 10 * MiB, MiB]);
  });
});
