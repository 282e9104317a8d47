import { beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { decodeByUnbzip2 } from '../../../../src/pipeline/second-decoder/unbzip2-stream.js';
import { cutAt, joinAll, noise, piecesOf } from '../../../support/fakes/async-bytes.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';

const bzip2 = useBzip2();
const generous = { blobBytes: 2 ** 40, expansion: 2_000 };
const label = 'east/events/a.bz2';
const MiB = 1024 * 1024;

const decode = (pieces: readonly (Uint8Array | string)[], limits = generous): Promise<Buffer> =>
  joinAll(decodeByUnbzip2(piecesOf(pieces), limits, label));

/** The class of the failure, which must name the blob. */
async function failureOf(pieces: readonly (Uint8Array | string)[], limits = generous): Promise<string> {
  const error = await decode(pieces, limits).then(
    (bytes) => new Error(`decoded ${bytes.length} bytes`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  expect(error.blob).toBe(label);
  expect(error.message).toContain(label);
  return error.failureClass;
}

describe('decodeByUnbzip2', () => {
  it.each([
    ['one stream', ['hello']],
    ['an empty stream', ['']],
    ['several streams, one of them empty', ['hello ', '', 'world']],
    ['a stream of several blocks', [noise(1_000_000)]],
    ['streams of several blocks and small ones', [noise(950_000, 2), 'a', '', noise(10, 3)]],
  ])('decodes %s', async (_, texts) => {
    const expected = Buffer.concat(texts.map((text) => Buffer.from(text)));
    expect(expected.equals(await decode([await bzip2(...texts)]))).toBe(true);
  });

  it('returns the same bytes whatever the pieces: single bytes, empty pieces, large pieces', async () => {
    const text = noise(3_000);
    const blob = await bzip2(text, '', text);
    const twice = Buffer.concat([text, text]);
    const bytes = [...blob].map((byte) => Uint8Array.of(byte));
    const empty = Buffer.alloc(0);
    for (const pieces of [
      [blob],
      bytes,
      [empty, blob, empty],
      [empty, empty, ...bytes.flatMap((byte) => [byte, empty])],
      cutAt(blob, [1, 2, 3, 4, 4, 5, 100, 100, blob.length - 1]),
    ])
      expect(twice.equals(await decode(pieces))).toBe(true);
  });

  it('does not care where in a larger buffer a piece is', async () => {
    const blob = await bzip2('hello');
    const around = Buffer.concat([Buffer.from('junk'), blob, Buffer.from('junk')]);
    expect(String(await decode([around.subarray(4, 4 + blob.length)]))).toBe('hello');
  });

  it.each([
    ['no pieces', []],
    ['one empty piece', ['']],
    ['many empty pieces', ['', '', '']],
  ])('refuses 0 bytes as %s: even an empty stream has 14', async (_, pieces) => {
    await expect(failureOf(pieces)).resolves.toBe('CorruptInput/EmptyFile');
  });

  it.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0), /\(1f8b0800\)/],
    ['HTML', '<!DOCTYPE html><p>busy</p>', /begins with "<!DO"/],
    ['text', 'Bz is not enough', /begins with "Bz i"/],
    ['text shorter than a magic number', 'no', /begins with "no"/],
    ['zeros', Buffer.alloc(100), /\(00000000\)/],
    ['a level that does not exist', 'BZh0123456789', /begins with "BZh0"/],
  ])('refuses %s and shows how it begins, in one piece or many', async (_, blob, shown) => {
    const bytes = Buffer.from(blob);
    for (const pieces of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      await expect(failureOf(pieces)).resolves.toBe('CorruptInput/BadMagic');
    }
    await expect(decode([bytes])).rejects.toThrow(shown);
  });

  it.each([
    ['one newline', '\n'],
    ['one zero', '\0'],
    ['three bytes', 'abc'],
    ['zeros', '\0'.repeat(64)],
    ['text', 'trailing text that is not bzip2'],
    ['half a header', 'BZ'],
    ['a whole header', 'BZh9'],
    ['the start of another stream', 'BZh91AY&SY'],
  ])('refuses %s after the last stream, whatever the pieces', async (_, garbage) => {
    const blob = await bzip2('hello', 'world');
    const bytes = Buffer.concat([blob, Buffer.from(garbage)]);
    for (const pieces of [[bytes], [blob, garbage], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      await expect(failureOf(pieces)).resolves.toMatch(/^CorruptInput/);
    }
  });

  it('calls text after the last stream trailing garbage', async () => {
    const blob = await bzip2('hello');
    await expect(failureOf([blob, 'a line of text\n'])).resolves.toBe('CorruptInput/TrailingGarbage');
    await expect(failureOf([blob, Buffer.alloc(512)])).resolves.toBe('CorruptInput/TrailingGarbage');
  });

  it('does not drop the stream that follows junk', async () => {
    const stream = await bzip2('hello');
    for (const junk of ['\0\0\0\0\0\0\0\0', '\n', 'junk between streams']) {
      await expect(failureOf([stream, junk, stream])).resolves.toMatch(/^CorruptInput/);
    }
  });

  it('ends the request for bytes when it fails', async () => {
    let closed = false;
    const body = async function* () {
      try {
        yield Buffer.from('<html>');
        yield Buffer.from('</html>');
      } finally {
        closed = true;
      }
    };
    await expect(joinAll(decodeByUnbzip2(body(), generous, label))).rejects.toThrow('is not bzip2');
    expect(closed).toBe(true);
  });

  it('passes a failure of the request on unchanged', async () => {
    const failure = new Failure('SourceNetwork', 'reset');
    const blob = await bzip2('hello');
    const body = async function* () {
      yield blob.subarray(0, 10);
      throw failure;
    };
    await expect(joinAll(decodeByUnbzip2(body(), generous, label))).rejects.toBe(failure);
  });
});

describe('damage', () => {
  const text = Buffer.from('{"id":1,"name":"a line of a log"}\n'.repeat(3));
  let blob: Buffer;
  let boundary: number;
  beforeAll(async () => {
    blob = await bzip2(text, text);
    boundary = (await bzip2(text)).length;
  });

  it('is noticed wherever a blob is cut, except at the end of a stream, which the length shows', async () => {
    for (let length = 1; length < blob.length; length += 1) {
      const pieces = [blob.subarray(0, length)];
      if (length === boundary) expect(text.equals(await decode(pieces))).toBe(true);
      else await expect(failureOf(pieces), `cut at ${length}`).resolves.toMatch(/^CorruptInput/);
    }
  });

  it('of one bit never leads to other bytes', async () => {
    const whole = Buffer.concat([text, text]);
    let accepted = 0;
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = await decode([flipped]).catch((error: unknown) => error);
      if (result instanceof Failure) {
        expect(result.failureClass).toMatch(/^CorruptInput/);
        continue;
      }
      accepted += 1;
      expect(whole.equals(result as Buffer), `bit ${bit}`).toBe(true);
    }
    // Some bits mean nothing, like padding; most must be noticed.
    expect(accepted).toBeLessThan((blob.length * 8) / 20);
  });

  it('of the checksum of a block or a stream is reported as such', async () => {
    const one = await bzip2(text);
    const blockCrc = Buffer.from(one);
    blockCrc[10]! ^= 0xff; // After "BZh9" and the block's six bytes of magic.
    await expect(failureOf([blockCrc])).resolves.toBe('CorruptInput/BlockCrc');
  });

  it('far after good blocks is noticed', async () => {
    const large = await bzip2(noise(1_000_000, 5));
    large[large.length - 1_000]! ^= 0x10;
    await expect(failureOf([large])).resolves.toMatch(/^CorruptInput/);
    await expect(failureOf([large.subarray(0, -10)])).resolves.toMatch(/^CorruptInput/);
  });
});

describe('limits', () => {
  it('allow exactly blobBytes and not one more', async () => {
    const blob = await bzip2(noise(1_000));
    expect(await decode([blob], { ...generous, blobBytes: 1_000 })).toHaveLength(1_000);
    await expect(failureOf([blob], { ...generous, blobBytes: 999 })).resolves.toBe('LimitExceeded/BlobBytes');
  });

  it('stop a bomb as its bytes appear, and decode no more of it', async () => {
    const bomb = await bzip2(...Array<Buffer>(3).fill(Buffer.alloc(MiB)));
    // What follows is damaged: were it decoded, the failure would be another.
    const blob = Buffer.concat([bomb, Buffer.alloc(100)]);
    const limits = { blobBytes: 2 * MiB, expansion: 1e9 };
    await expect(failureOf([blob], limits)).resolves.toBe('LimitExceeded/BlobBytes');
  });

  it('do not mind expansion at first, for small blobs of zeros are common, but from 64 MiB on', async () => {
    const zeros = await bzip2(Buffer.alloc(4 * MiB));
    expect(zeros.length * generous.expansion).toBeLessThan(4 * MiB);
    expect(await decode([zeros])).toHaveLength(4 * MiB);
    const streams = [...Array<Buffer>(16).fill(zeros), await bzip2('x')];
    await expect(failureOf([Buffer.concat(streams)], { ...generous, expansion: 100 })).resolves.toBe(
      'LimitExceeded/Expansion',
    );
  });
});

describe('a long decode', () => {
  it('lets the event loop turn', async () => {
    // The decoder begins a block when it holds the longest one: so something long must follow the zeros.
    const blob = await bzip2(Buffer.alloc(5 * MiB), noise(960_000));
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    // All bytes are there at once: nothing but the decoder itself gives the loop a turn.
    await joinAll(decodeByUnbzip2(piecesOf([blob]), generous, label));
    running = false;
    expect(turns).toBeGreaterThanOrEqual(1);
  });
});
