import { describe, expect, it } from 'vitest';
import { libbz2 } from '../../../../support/corpora/bzip2-references.js';
import { verdictOn } from '../../../../support/corpora/bzip2-verdict.js';
import { bzip2Crc, writeStream } from '../../../../support/corpora/bzip2-writer.js';

const first = writeStream(9, [{ content: Buffer.from('first block') }]);
const wrongCrc = { content: { stored: Buffer.from('second block'), crc: 0x12345678 } };
const good = { content: Buffer.from('good') };

describe('what the bzip2 decoder says of damage', () => {
  it.each(
    Object.entries({
      'no bytes': [Buffer.alloc(0), 'CorruptInput/EmptyFile', undefined, undefined, 0],
      'another format': [Buffer.from('\x1f\x8b\x08\0gzip'), 'CorruptInput/BadMagic', undefined, undefined, 0],
      'a level that does not exist': [Buffer.from('BZh0AAAAAAA'), 'CorruptInput/BadMagic', undefined, undefined, 0],
      'the beginning of a header': [Buffer.from('BZh'), 'CorruptInput/Truncated', undefined, undefined, 3],
      'an end in a header': [first.subarray(0, 7), 'CorruptInput/Truncated', 1, undefined, 7],
      'an end in a block': [first.subarray(0, 30), 'CorruptInput/Truncated', 1, 1, 30],
      'an end in the last checksum': [first.subarray(0, -1), 'CorruptInput/Truncated', 1, undefined, first.length - 1],
      'bytes after a stream': [
        Buffer.concat([first, Buffer.from('\0')]),
        'CorruptInput/TrailingGarbage',
        1,
        undefined,
        first.length,
      ],
      'bytes between streams': [
        Buffer.concat([first, Buffer.from('gap!'), first]),
        'CorruptInput/TrailingGarbage',
        1,
        undefined,
        first.length,
      ],
      'a wrong block checksum': [writeStream(9, [wrongCrc]), 'CorruptInput/BlockCrc', 1, 1, 4],
      'one in the second block of the second stream': [
        Buffer.concat([first, writeStream(9, [good, wrongCrc, good])]),
        'CorruptInput/BlockCrc',
        2,
        2,
        first.length + secondBlockOffset(),
      ],
      'a wrong stream checksum': [
        flipBit(first, first.length * 8 - 12),
        'CorruptInput/StreamCrc',
        1,
        undefined,
        streamEndOffset(),
      ],
      'one of a later stream': [
        Buffer.concat([first, flipBit(first, first.length * 8 - 12)]),
        'CorruptInput/StreamCrc',
        2,
        undefined,
        first.length + streamEndOffset(),
      ],
      'no block where one should be': [flipBit(first, 4 * 8 + 3), 'CorruptInput', 1, 1, 4],
      'an origin outside the block': [flipBit(first, 4 * 8 + 48 + 32 + 1), 'CorruptInput', 1, 1, 4],
      'a stream that is damaged after a whole one': [
        Buffer.concat([first, flipBit(first, 4 * 8 + 3)]),
        'CorruptInput',
        2,
        1,
        first.length + 4,
      ],
    } as const),
  )('%s: class, stream, block and byte offset', (_name, [input, failureClass, stream, block, offset]) => {
    expect(verdictOn([input]).error).toMatchObject({ failureClass, stream, block, offset });
  });

  // What `first` is made of, in bits: the block has two tables of 9 bits a symbol, the 11 byte values in use lie in
  // three ranges.
  it.each([
    { title: 'no ranges of byte values', bit: 137, bits: 16, value: 0, says: /a block says that it has no bytes/ },
    { title: 'ranges without a byte value', bit: 153, bits: 48, value: 0, says: /a block says that it has no bytes/ },
    { title: 'one table', bit: 201, bits: 3, value: 1, says: /impossible number of tables or selectors/ },
    { title: 'seven tables', bit: 201, bits: 3, value: 7, says: /impossible number of tables or selectors/ },
    { title: 'no selectors', bit: 204, bits: 15, value: 0, says: /impossible number of tables or selectors/ },
    {
      title: 'a selector for the third of two tables',
      bit: 219,
      bits: 3,
      value: 0b110,
      says: /a selector names a table/,
    },
    { title: 'a selector for no table at all', bit: 219, bits: 6, value: 0b111111, says: /a selector names a table/ },
    { title: 'a code of no bits', bit: 220, bits: 5, value: 0, says: /impossible code length/ },
    { title: 'a code of 21 bits', bit: 220, bits: 5, value: 21, says: /impossible code length/ },
    { title: 'a code that no symbol has', bit: 256, bits: 9, value: 0x1ff, says: /a code is in no table/ },
  ])('refuses $title, as libbz2 does', ({ bit, bits, value, says }) => {
    const input = setBits(first, { bit, bits, value });
    const { error } = verdictOn([input]);
    expect(error).toMatchObject({ failureClass: 'CorruptInput', stream: 1, block: 1, offset: 4 });
    expect(error?.message).toMatch(says);
    expect(libbz2([input])).toEqual([{ says: 'refused' }]);
  });

  it('refuses a block that ends after four equal bytes without their count, as libbz2 does', () => {
    const inputs = [0, 1, 97, 255].map((more) => {
      const crc = bzip2Crc(Buffer.from(`bcd${'a'.repeat(4 + more)}`));
      return writeStream(9, [{ content: { stored: Buffer.from('bcdaaaa'), crc } }]);
    });
    for (const input of inputs)
      expect(verdictOn([input]).error?.message).toMatch(/a block ends in the middle of a run/);
    expect(libbz2(inputs).map(({ says }) => says)).toEqual(inputs.map(() => 'refused'));
  });

  it('names the place in its message', () => {
    const offset = first.length + secondBlockOffset();
    expect(verdictOn([Buffer.concat([first, writeStream(9, [good, wrongCrc])])]).error?.message).toBe(
      `a block does not match its checksum (stream 2, block 2, byte offset ${String(offset)})`,
    );
  });

  it('shows how something else begins', () => {
    expect(verdictOn([Buffer.from('<html>')]).error?.message).toBe(
      'it does not begin with "BZh1" to "BZh9" but with "<htm" (3c68746d) (byte offset 0)',
    );
  });
});

function setBits(
  input: Buffer,
  { bit, bits, value }: { readonly bit: number; readonly bits: number; readonly value: number },
): Buffer {
  let changed = input;
  for (let index = 0; index < bits; index += 1) {
    const at = bit + index;
    const wanted = Math.floor(value / 2 ** (bits - 1 - index)) % 2;
    if (((changed[at >> 3]! >> (7 - (at & 7))) & 1) !== wanted) changed = flipBit(changed, at);
  }
  return changed;
}

function flipBit(input: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(input);
  flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
  return flipped;
}

/** The end of a stream has 10 bytes, and begins in the middle of one. */
function streamEndOffset(): number {
  return first.length - 11;
}

/** A stream with the one block before it is as long as header, that block, and the end of the stream. */
function secondBlockOffset(): number {
  return writeStream(9, [good]).length - 11;
}
