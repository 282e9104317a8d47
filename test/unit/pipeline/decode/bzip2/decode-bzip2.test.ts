import { describe, expect, it } from 'vitest';
import type { DecodedBlob, DecodeOptions } from '../../../../../src/pipeline/decode/blob-rules.js';
import { decodeBzip2 } from '../../../../../src/pipeline/decode/bzip2/decode-bzip2.js';
import { Bzip2Error } from '../../../../../src/pipeline/decode/bzip2/bzip2-error.js';
import { decoderPool } from '../../../../../src/pipeline/decode/bzip2/decoder-pool.js';
import { joinAll, piecesOf } from '../../../../support/fakes/async-bytes.js';
import { writeStream } from '../../../../support/corpora/bzip2-writer.js';

const options: DecodeOptions = { limits: { blobBytes: 2 ** 30, expansion: 1000 }, label: 'east/in/a.bz2' };
const first = writeStream(9, [{ content: Buffer.from('first ') }]);
const second = writeStream(1, [{ content: Buffer.from('second') }]);

describe('decodeBzip2', () => {
  it('decodes all streams, and counts the bytes that went in and came out', async () => {
    const { bytes, found } = await decode([first, Buffer.alloc(0), second]);
    expect(bytes.toString()).toBe('first second');
    expect(found).toEqual({ streams: 2, compressedBytes: first.length + second.length, decodedBytes: 12 });
  });

  it('fails with the name of the blob and, as cause, the place of the damage', async () => {
    const failing = joinAll(decodeBzip2(piecesOf([first, second.subarray(0, -4)]), options));
    await expect(failing).rejects.toMatchObject({
      failureClass: 'CorruptInput/Truncated',
      blob: 'east/in/a.bz2',
      message: expect.stringMatching(/^east\/in\/a\.bz2 is not whole bzip2: .* \(stream 2, byte offset \d+\)$/),
      cause: expect.any(Bzip2Error),
    });
  });

  it('fails on bytes after the last stream, once all good bytes are out', async () => {
    const given: Uint8Array[] = [];
    const failing = (async () => {
      for await (const piece of decodeBzip2(piecesOf([first, 'junk', second]), options)) given.push(piece);
    })();
    await expect(failing).rejects.toMatchObject({ failureClass: 'CorruptInput/TrailingGarbage' });
    expect(Buffer.concat(given).toString()).toBe('first ');
  });

  it.each([['at once'], ['byte by byte']])(
    'ignores them if asked to, and reports where they begin and how many they are: %s',
    async (how) => {
      const all = Buffer.concat([first, Buffer.from('junk'), second]);
      const pieces = how === 'at once' ? [all] : [...all].map((byte) => Buffer.of(byte));
      const { bytes, found } = await decode(pieces, { ...options, trailingGarbage: 'ignore' });
      expect(bytes.toString()).toBe('first ');
      expect(found).toEqual({
        streams: 1,
        compressedBytes: all.length,
        decodedBytes: 6,
        trailing: { offset: first.length, bytes: 4 + second.length },
      });
    },
  );

  it('ignores nothing else when it ignores bytes after the last stream', async () => {
    const ignoring: DecodeOptions = { ...options, trailingGarbage: 'ignore' };
    for (const [pieces, failureClass] of [
      [['junk'], 'CorruptInput/BadMagic'],
      [[], 'CorruptInput/EmptyFile'],
      [[first, 'BZ'], 'CorruptInput/Truncated'],
      [[first, 'BZh9junkjunk'], 'CorruptInput'],
    ] as const) {
      await expect(decode(pieces, ignoring)).rejects.toMatchObject({ failureClass });
    }
  });

  it('closes the body and keeps the decoder for the next blob when the caller stops early', async () => {
    let closed = false;
    const body = (async function* () {
      try {
        yield Buffer.concat([first, second]);
        yield first;
      } finally {
        closed = true;
      }
    })();
    for await (const piece of decodeBzip2(body, options)) {
      expect(Buffer.from(piece).toString()).toBe('first ');
      break;
    }
    expect(closed).toBe(true);
    // Begun in the middle of a blob by the decoder that was left there.
    expect(decoderPool.idleCount).toBeGreaterThan(0);
    expect((await decode([second])).bytes.toString()).toBe('second');
  });

  it('fails with the reason of the signal, between two pieces too', async () => {
    const controller = new AbortController();
    const pieces = decodeBzip2(piecesOf([Buffer.concat([first, second])]), { ...options, signal: controller.signal });
    expect((await pieces.next()).done).toBe(false);
    controller.abort(new Error('enough'));
    await expect(pieces.next()).rejects.toThrow('enough');
    expect((await decode([second])).bytes.toString()).toBe('second');
  });

  it('passes a failure of the body on unchanged', async () => {
    const broken = (async function* () {
      yield first.subarray(0, 20);
      throw new Error('connection lost');
    })();
    await expect(joinAll(decodeBzip2(broken, options))).rejects.toThrow('connection lost');
  });

  it('decodes blobs side by side without mixing them', async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `blob ${String(index)}`);
    const decoded = await Promise.all(
      texts.map((text) => {
        const bytes = writeStream(9, [{ content: Buffer.from(text) }]);
        return joinAll(decodeBzip2(piecesOf([...bytes].map((byte) => Buffer.of(byte))), options));
      }),
    );
    expect(decoded.map((bytes) => bytes.toString())).toEqual(texts);
    expect(decoderPool.idleCount).toBe(decoderPool.idleMax);
  });
});

async function decode(
  pieces: Iterable<Uint8Array | string>,
  decodeOptions = options,
): Promise<{ bytes: Buffer; found: DecodedBlob }> {
  const all: Uint8Array[] = [];
  const decoding = decodeBzip2(piecesOf(pieces), decodeOptions);
  for (;;) {
    const { done, value } = await decoding.next();
    if (done === true) return { bytes: Buffer.concat(all), found: value };
    all.push(value);
  }
}
