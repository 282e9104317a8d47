import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { crc32, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { segmentRawBytes } from '../../../../src/pipeline/pack/segment-memory.js';
import { gzipSegments } from '../../../../src/pipeline/pack/gzip-segments.js';
import { encoderName } from '../../../../src/pipeline/pack/pack-segment.js';
import { RawDigest } from '../../../../src/pipeline/pack/raw-digest.js';
import { cutAt, noise, piecesOf } from '../../../support/fakes/async-bytes.js';

const MiB = 1024 * 1024;
const note = (text: string): void => {
  throw new Error(text);
};
const text = Buffer.alloc(4 * MiB, '{"id":1,"name":"a line of a log that compresses"}\n');

async function pack(raw: Uint8Array, level: 'fast' | 'standard' | 'small' | number = 'standard') {
  const digest = RawDigest.once();
  const segments: Uint8Array[] = [];
  for await (const { bytes } of gzipSegments(piecesOf(cutAt(raw, [])), { level, checkShare: 1 }, digest, note))
    segments.push(bytes);
  return { segments, gzip: Buffer.concat(segments), proof: digest.finish() };
}

describe('gzipSegments', () => {
  it.each([
    [0, 1],
    [1, 1],
    [MiB - 1, 1],
    [MiB, 1],
    [MiB + 1, 2],
    [2 * MiB - 1, 2],
    [2 * MiB, 2],
    [2 * MiB + 1, 3],
    [4 * MiB, 4],
  ])('packs %d raw bytes in %d segments that Node, Python and gzip unpack, as one member', async (size, count) => {
    const raw = text.subarray(0, size);
    const { segments, gzip, proof } = await pack(raw);
    expect(segments).toHaveLength(count);
    expect(gunzipSync(gzip).equals(raw)).toBe(true);
    expect(proof).toEqual({
      bytes: size,
      sha256: createHash('sha256').update(raw).digest('hex'),
      crc32: crc32(raw).toString(16).padStart(8, '0'),
    });
    execFileSync('gzip', ['-t'], { input: gzip });
    const program =
      'import sys,zlib,gzip,hashlib;b=sys.stdin.buffer.read();d=zlib.decompressobj(31);r=d.decompress(b);' +
      'assert d.eof and not d.unused_data;assert gzip.decompress(b)==r;print(hashlib.sha256(r).hexdigest())';
    expect(execFileSync('python3', ['-c', program], { input: gzip }).toString().trim()).toBe(proof.sha256);
  });

  it('has exactly a mebibyte of raw bytes in every segment but the last', () => {
    expect(segmentRawBytes).toBe(MiB);
  });

  it('begins with a header without time, name or system and ends with checksum and length', async () => {
    const raw = text.subarray(0, MiB + 5);
    const { gzip } = await pack(raw);
    expect(gzip.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
    expect(gzip.readUInt32LE(gzip.length - 8)).toBe(crc32(raw));
    expect(gzip.readUInt32LE(gzip.length - 4)).toBe(raw.length);
  });

  it('begins each segment with fresh state: equal raw segments become equal bytes', async () => {
    const { segments } = await pack(
      Buffer.concat([text.subarray(0, 3 * MiB), Buffer.from('end')]).fill('a', 0, 3 * MiB),
    );
    expect(segments).toHaveLength(4);
    expect(Buffer.from(segments[1]!).equals(segments[2]!)).toBe(true);
    expect(Buffer.from(segments[0]!).subarray(10).equals(segments[1]!)).toBe(true);
    // A sync flush ends every segment but the last.
    for (const segment of segments.slice(0, -1))
      expect(Buffer.from(segment).subarray(-4).toString('hex')).toBe('0000ffff');
  });

  it('knows levels by name and number', async () => {
    const raw = Buffer.concat([text.subarray(0, 100_000), noise(10_000)]);
    const sizes = await Promise.all(
      (['fast', 'standard', 'small', 1, 6, 9] as const).map(async (level) => (await pack(raw, level)).gzip),
    );
    // Ours differ from zlib's; on so plain a text some levels of the same encoder agree.
    for (const ours of sizes.slice(0, 3)) expect(sizes.slice(3).some((zlib) => zlib.equals(ours))).toBe(false);
    for (const gzip of sizes) expect(gunzipSync(gzip).equals(raw)).toBe(true);
    expect(encoderName({ compress: 'gzip', level: 'standard' })).toBe('longhaul-deflate 1 standard');
    expect(encoderName({ compress: 'gzip', level: 9 })).toBe(`zlib ${process.versions.zlib} level 9`);
  });

  it('passes a failure of the raw bytes on and writes no trailer', async () => {
    const given: Uint8Array[] = [];
    const raw = async function* () {
      yield text.subarray(0, 2 * MiB + 10);
      throw new Error('the source broke');
    };
    const packing = (async () => {
      for await (const { bytes } of gzipSegments(raw(), { level: 6, checkShare: 1 }, RawDigest.once(), note))
        given.push(bytes);
    })();
    await expect(packing).rejects.toThrow('the source broke');
    expect(() => gunzipSync(Buffer.concat(given))).toThrow();
  });

  it('ends the stage before it when its reader ends', async () => {
    let closed = false;
    const raw = async function* () {
      try {
        for (;;) yield text.subarray(0, MiB);
      } finally {
        closed = true;
      }
    };
    const segments = gzipSegments(raw(), { level: 1, checkShare: 1 }, RawDigest.once(), note);
    await segments.next();
    await segments.return(undefined);
    expect(closed).toBe(true);
  });
});
