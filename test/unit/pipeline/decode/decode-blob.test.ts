import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { BlobDamage } from '../../../../src/pipeline/decode/blob-damage.js';
import { decodeBlob, type BlobVerdict, type DecodeBlobOptions } from '../../../../src/pipeline/decode/decode-blob.js';
import { noise, piecesOf } from '../../../support/fakes/async-bytes.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';

const label = 'east/in/a';
const MiB = 1024 * 1024;
const limits = { blobBytes: 2 ** 30, expansion: 2_000 };
const bzip2 = (text: string) => writeStream(9, [{ content: Buffer.from(text) }]);
const emptyBzip2 = writeStream(9, []);

type Decompress = DecodeBlobOptions['transform']['decompress'];

function optionsFor(decompress: Decompress, changes: Partial<DecodeBlobOptions> = {}): DecodeBlobOptions {
  return { transform: { decompress, trailingGarbage: 'fail' }, limits, label, ...changes };
}

const ignoring = (decompress: Decompress) =>
  optionsFor(decompress, { transform: { decompress, trailingGarbage: 'ignore' } });

async function decode(pieces: Iterable<Uint8Array | string>, options: DecodeBlobOptions) {
  const all: Uint8Array[] = [];
  const decoding = decodeBlob(piecesOf(pieces), options);
  for (;;) {
    const next = await decoding.next();
    if (next.done === true) return { bytes: Buffer.concat(all), verdict: next.value };
    all.push(next.value);
  }
}

/** Whole, byte by byte with empty pieces between, and in odd portions. */
function cuttings(blob: Uint8Array): Uint8Array[][] {
  const bytes = [...blob].flatMap((byte) => [Buffer.alloc(0), Buffer.of(byte)]);
  const portions = Array.from({ length: Math.ceil(blob.length / 7) }, (_, index) =>
    blob.subarray(index * 7, index * 7 + 7),
  );
  return [[Buffer.from(blob)], bytes, portions];
}

/** The one verdict that all cuttings of a blob give. */
async function verdictOn(blob: Uint8Array, options: DecodeBlobOptions): Promise<BlobVerdict & { text: string }> {
  const results = await Promise.all(cuttings(blob).map((pieces) => decode(pieces, options)));
  const [first, ...others] = results.map(({ bytes, verdict }) => ({ ...verdict, text: bytes.toString('latin1') }));
  for (const other of others) expect(other).toEqual(first);
  return first!;
}

/** The one failure that all cuttings of a blob give, which names the blob. */
async function failureOf(blob: Uint8Array, options: DecodeBlobOptions): Promise<Failure> {
  const failures = await Promise.all(
    cuttings(blob).map((pieces) =>
      decode(pieces, options).then(
        ({ bytes }) => new Error(`decoded ${bytes.length} bytes`),
        (error: unknown) => error,
      ),
    ),
  );
  const [first] = failures;
  if (!(first instanceof Failure)) throw first;
  expect(first.blob).toBe(label);
  expect(first.message).toContain(label);
  for (const other of failures)
    expect(other).toMatchObject({ failureClass: first.failureClass, message: first.message });
  return first;
}

describe('a gzip blob', () => {
  const member = gzipSync('first ');
  const two = Buffer.concat([member, gzipSync('second')]);

  it.each([
    ['one member', member, 'first ', 1],
    ['several members', two, 'first second', 2],
    ['an empty member among others', Buffer.concat([member, gzipSync(''), member]), 'first first ', 3],
    ['nothing but an empty member', gzipSync(''), '', 1],
    ['a stored block', gzipSync('stored', { level: 0 }), 'stored', 1],
  ])('of %s is decoded, and its members are counted', async (_, blob, text, streams) => {
    const expected = { format: 'gzip', streams, compressedBytes: blob.length, decodedBytes: text.length, text };
    expect(await verdictOn(blob, optionsFor('gzip'))).toEqual(expected);
    expect(await verdictOn(blob, optionsFor('auto'))).toEqual(expected);
  });

  it('with every field that a header may have is decoded, and the header held to its checksum', async () => {
    const rest = member.subarray(10);
    const fields = ['\x05\0extra', 'a name\0', `${'a comment that is long '.repeat(30)}\0`];
    const head = Buffer.concat([
      Buffer.of(0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3),
      ...fields.map((f) => Buffer.from(f)),
    ]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(head) & 0xffff);
    expect(await verdictOn(Buffer.concat([head, sum, rest]), optionsFor('gzip'))).toMatchObject({ text: 'first ' });

    const wrong = Buffer.concat([head, Buffer.of(sum[0]! ^ 1, sum[1]!), rest]);
    expect(await failureOf(wrong, optionsFor('gzip'))).toMatchObject({ failureClass: 'CorruptInput' });
    for (let length = 10; length < head.length + 2; length += 1) {
      const cut = Buffer.concat([head, sum]).subarray(0, length);
      const failing = decode([cut], optionsFor('gzip'));
      await expect(failing).rejects.toMatchObject({ failureClass: 'CorruptInput/Truncated' });
    }
  });

  it('with large members comes in pieces of at most 64 KiB, none of which keeps a larger buffer alive', async () => {
    const text = noise(3 * MiB);
    const blob = Buffer.concat([gzipSync(text), gzipSync('small')]);
    const pieces: Uint8Array[] = [];
    for await (const piece of decodeBlob(piecesOf([blob]), optionsFor('gzip'))) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(Buffer.concat([text, Buffer.from('small')]))).toBe(true);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(64 * 1024);
      expect(piece.buffer.byteLength).toBeLessThanOrEqual(2 * piece.length);
    }
  });

  it('that is cut anywhere is refused, except at the end of a member, which only the length shows', async () => {
    for (let length = 1; length < two.length; length += 1) {
      if (length === member.length) continue;
      expect(await failureOf(two.subarray(0, length), optionsFor('gzip')), `cut at ${length}`).toMatchObject({
        failureClass: 'CorruptInput/Truncated',
        cause: { offset: length, stream: length < member.length ? 1 : 2 },
      });
    }
  });

  it('with one flipped bit never decodes to other bytes', async () => {
    let accepted = 0;
    for (let bit = 0; bit < two.length * 8; bit += 1) {
      const flipped = Buffer.from(two);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = await decode([flipped], optionsFor('gzip')).catch((error: unknown) => error);
      if (result instanceof Failure) {
        expect(result.failureClass, `bit ${bit}`).toMatch(/^CorruptInput/);
        expect(result.cause).toBeInstanceOf(BlobDamage);
      } else {
        accepted += 1;
        expect((result as { bytes: Buffer }).bytes.toString(), `bit ${bit}`).toBe('first second');
      }
    }
    // Of each member time, level, operating system, the flag "text" and what fills its last byte.
    expect(accepted).toBeLessThanOrEqual(2 * (6 * 8 + 1 + 7));
  });

  it.each([
    ['its checksum', -8, 'CorruptInput/StreamCrc', 'checksum'],
    ['its length', -4, 'CorruptInput/StreamCrc', 'not as long'],
  ])('whose last member does not match %s is reported as such, with its place', async (_, at, failureClass, says) => {
    const wrong = Buffer.from(two);
    wrong[wrong.length + at]! ^= 1;
    const failure = await failureOf(wrong, optionsFor('gzip'));
    expect(failure).toMatchObject({ failureClass, cause: { format: 'gzip', stream: 2, offset: two.length - 8 } });
    expect(failure.message).toMatch(new RegExp(`is not whole gzip: .*${says}.*stream 2, byte offset`));
  });

  it.each([
    ['no bytes', Buffer.alloc(0), 'CorruptInput/EmptyFile', /0 bytes/],
    ['bzip2', bzip2('x'), 'CorruptInput/BadMagic', /"BZh9" \(425a6839\)/],
    ['text', Buffer.from('<html>'), 'CorruptInput/BadMagic', /"<htm"/],
    ['one byte of its magic', Buffer.of(0x1f), 'CorruptInput/Truncated', /offset 1\)/],
    ['another method', Buffer.of(0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0), 'CorruptInput', /deflate/],
    ['unknown flags', Buffer.of(0x1f, 0x8b, 8, 0x20, 0, 0, 0, 0, 0, 0), 'CorruptInput', /flags/],
  ])('that is %s is refused', async (_, blob, failureClass, says) => {
    const failure = await failureOf(blob, optionsFor('gzip'));
    expect(failure.failureClass).toBe(failureClass);
    expect(failure.message).toMatch(says);
  });

  it.each([['\0'], ['\n'], ['\0'.repeat(512)], ['trailing text']])(
    'with %j after it follows the rule',
    async (garbage) => {
      const blob = Buffer.concat([two, Buffer.from(garbage)]);
      expect(await failureOf(blob, optionsFor('gzip'))).toMatchObject({
        failureClass: 'CorruptInput/TrailingGarbage',
        cause: { stream: 2, offset: two.length },
      });
      expect(await verdictOn(blob, ignoring('gzip'))).toMatchObject({
        text: 'first second',
        compressedBytes: blob.length,
        trailing: { offset: two.length, bytes: garbage.length },
      });
    },
  );

  it('that continues after other bytes is refused under any rule: a member is not garbage', async () => {
    const blob = Buffer.concat([member, Buffer.from('junk'), member, Buffer.from('more')]);
    for (const options of [optionsFor('gzip'), ignoring('gzip'), ignoring('auto')]) {
      expect((await failureOf(blob, options)).failureClass).toBe('CorruptInput/TrailingGarbage');
    }
    expect((await failureOf(blob, ignoring('gzip'))).message).toContain(`byte offset ${member.length + 4}`);
  });

  it('with the beginning of another member after it is refused under any rule', async () => {
    for (const behind of [Buffer.of(0x1f), member.subarray(0, 12), Buffer.of(0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9)]) {
      for (const options of [optionsFor('gzip'), ignoring('gzip')]) {
        const { failureClass } = await failureOf(Buffer.concat([member, behind]), options);
        expect(failureClass).toMatch(/^CorruptInput(\/Truncated)?$/);
      }
    }
  });

  it('that is made of flushed and empty blocks is decoded', async () => {
    const raw = Buffer.concat([
      deflateRawSync('a', { finishFlush: constants.Z_SYNC_FLUSH }),
      deflateRawSync('', { finishFlush: constants.Z_SYNC_FLUSH }),
      deflateRawSync('b'),
    ]);
    const whole = gzipSync('ab');
    const blob = Buffer.concat([whole.subarray(0, 10), raw, whole.subarray(-8)]);
    expect(await verdictOn(blob, optionsFor('gzip'))).toMatchObject({ text: 'ab' });
  });
});

describe('the limits of a gzip blob', () => {
  it('allow exactly blobBytes and not one more', async () => {
    const blob = Buffer.concat([gzipSync(noise(600)), gzipSync(noise(400))]);
    const exact = optionsFor('gzip', { limits: { ...limits, blobBytes: 1_000 } });
    expect(await verdictOn(blob, exact)).toMatchObject({ decodedBytes: 1_000 });
    const less = optionsFor('gzip', { limits: { ...limits, blobBytes: 999 } });
    expect((await failureOf(blob, less)).failureClass).toBe('LimitExceeded/BlobBytes');
  });

  it('stop a bomb as its bytes appear, and decode no more of it', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * MiB));
    // Were it decoded to its end, the failure would be another.
    bomb[bomb.length - 8]! ^= 1;
    const byBytes = optionsFor('gzip', { limits: { ...limits, blobBytes: 2 * MiB } });
    await expect(decode([bomb], byBytes)).rejects.toMatchObject({ failureClass: 'LimitExceeded/BlobBytes' });
    for (const pieces of [[bomb], Array.from({ length: 100 }, (_, i) => bomb.subarray(i * 1_100, (i + 1) * 1_100))]) {
      const byExpansion = optionsFor('gzip', { limits: { ...limits, expansion: 1_000 } });
      let given = 0;
      const failing = (async () => {
        for await (const piece of decodeBlob(piecesOf(pieces), byExpansion)) given += piece.length;
      })();
      await expect(failing).rejects.toMatchObject({ failureClass: 'LimitExceeded/Expansion' });
      expect(given).toBeGreaterThanOrEqual(64 * MiB);
      expect(given).toBeLessThan(64 * MiB + 17 * MiB + 64 * 1024);
    }
  });
});

describe('a gzip blob that is not read to its end', () => {
  it('has its body closed when the caller stops or the bytes are bad, and passes on its failure', async () => {
    let closed = 0;
    const body = async function* (then: Uint8Array) {
      try {
        yield gzipSync('first');
        yield then;
      } finally {
        closed += 1;
      }
    };
    for await (const piece of decodeBlob(body(gzipSync('x')), optionsFor('gzip'))) {
      expect(Buffer.from(piece).toString()).toBe('first');
      break;
    }
    expect(closed).toBe(1);
    await expect(decode([], optionsFor('gzip'))).rejects.toThrow('0 bytes');
    const bad = decodeBlob(body(Buffer.from('bad')), optionsFor('auto'));
    await expect(bad.next()).resolves.toMatchObject({ done: false });
    await expect(bad.next()).rejects.toMatchObject({ failureClass: 'CorruptInput/TrailingGarbage' });
    expect(closed).toBe(2);

    const failure = new Failure('SourceNetwork', 'reset');
    const broken = async function* () {
      yield gzipSync('first').subarray(0, 15);
      throw failure;
    };
    const decoding = decodeBlob(broken(), optionsFor('auto'));
    await expect(decoding.next()).rejects.toBe(failure);
  });

  it('fails with the reason of the signal', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const decoding = decodeBlob(piecesOf([gzipSync(noise(MiB))]), optionsFor('gzip', { signal }));
    expect((await decoding.next()).done).toBe(false);
    controller.abort(new Error('enough'));
    await expect(decoding.next()).rejects.toThrow('enough');
  });
});

describe('decompress: auto', () => {
  it('decodes bzip2 as such', async () => {
    const blob = Buffer.concat([bzip2('one '), emptyBzip2, bzip2('two')]);
    const expected = { format: 'bzip2', streams: 3, compressedBytes: blob.length, decodedBytes: 7, text: 'one two' };
    expect(await verdictOn(blob, optionsFor('auto'))).toEqual(expected);
    expect(await verdictOn(emptyBzip2, optionsFor('auto'))).toMatchObject({ format: 'bzip2', streams: 1, text: '' });
  });

  it.each([
    ['<!DOCTYPE html>'],
    ['B'],
    ['BZ'],
    ['BZ is text'],
    ['BZh0 is text'],
    ['\x1f'],
    ['\x1f text'],
    ['\0\0\0\0'],
  ])('passes %j through as it is', async (text) => {
    expect(await verdictOn(Buffer.from(text, 'latin1'), optionsFor('auto'))).toEqual({
      format: 'none',
      streams: 0,
      compressedBytes: text.length,
      decodedBytes: text.length,
      text,
    });
  });

  it.each([
    ['bzip2', Buffer.concat([Buffer.from('BZh9'), Buffer.from('not a block')]), 'CorruptInput'],
    ['bzip2', Buffer.from('BZh1'), 'CorruptInput/Truncated'],
    ['gzip', Buffer.from('\x1f\x8btext', 'latin1'), 'CorruptInput'],
  ])('does not treat as text what begins like %s: %o', async (format, blob, failureClass) => {
    const failure = await failureOf(blob, optionsFor('auto'));
    expect(failure).toMatchObject({ failureClass, cause: { format } });
  });

  it('refuses an empty blob, whose format cannot be detected', async () => {
    expect((await failureOf(Buffer.alloc(0), optionsFor('auto'))).failureClass).toBe('CorruptInput/EmptyFile');
  });
});

describe('decompress: none', () => {
  it('passes everything through as it is, even a compressed or empty blob', async () => {
    for (const blob of [Buffer.alloc(0), gzipSync('x'), bzip2('x'), Buffer.from('text')]) {
      expect(await verdictOn(blob, optionsFor('none'))).toEqual({
        format: 'none',
        streams: 0,
        compressedBytes: blob.length,
        decodedBytes: blob.length,
        text: blob.toString('latin1'),
      });
    }
  });

  it('keeps to blobBytes', async () => {
    const options = optionsFor('none', { limits: { ...limits, blobBytes: 3 } });
    expect((await failureOf(Buffer.from('four'), options)).failureClass).toBe('LimitExceeded/BlobBytes');
  });
});

describe('a bzip2 blob under trailingGarbage: ignore', () => {
  const blob = Buffer.concat([bzip2('one '), bzip2('two')]);

  it('is decoded up to the bytes after its last stream, which are reported', async () => {
    const garbage = Buffer.from('BZh is not enough, nor BZh9');
    expect(await verdictOn(Buffer.concat([blob, garbage]), ignoring('bzip2'))).toEqual({
      format: 'bzip2',
      streams: 2,
      compressedBytes: blob.length + garbage.length,
      decodedBytes: 7,
      trailing: { offset: blob.length, bytes: garbage.length },
      text: 'one two',
    });
  });

  it.each([
    ['a stream', bzip2('lost')],
    ['an empty stream', emptyBzip2],
    ['the beginning of a stream', bzip2('lost').subarray(0, 10)],
  ])('is refused when %s follows those bytes', async (_, stream) => {
    for (const junk of ['a', 'junk', 'BZh', 'B'.repeat(20)]) {
      const failure = await failureOf(
        Buffer.concat([blob, Buffer.from(junk), stream, Buffer.from('x')]),
        ignoring('auto'),
      );
      expect(failure.failureClass).toBe('CorruptInput/TrailingGarbage');
    }
  });
});
