import { describe, expect, it } from 'vitest';
import { bzip2Program, sha256Of, unbzip2Stream } from '../../../../support/corpora/bzip2-references.js';
import { contentKinds } from '../../../../support/corpora/bzip2-seeds.js';
import { decodeAll, inPiecesOf, verdictOn } from '../../../../support/corpora/bzip2-verdict.js';
import { bzip2Crc, flat, steep, writeStream, type OddBlock } from '../../../../support/corpora/bzip2-writer.js';
import { invertPlainly } from '../../../../support/corpora/bzip2-plain-inverse.js';
import { randomNumbers, upTo } from '../../../../support/random-numbers.js';

const random = randomNumbers(11);
const text = contentKinds['text']!(random, 3000);

/** The content of one block, and how oddly it is written. */
const oddities: readonly [string, Uint8Array, Omit<OddBlock, 'content'>, 1 | 9][] = [
  ['a randomised block', text, { randomised: true }, 1],
  [
    'a randomised block that goes through all distances',
    contentKinds['random']!(random, 99_000),
    { randomised: true },
    1,
  ],
  ['a randomised block of fewer bytes than the first distance', text.subarray(0, 617), { randomised: true }, 9],
  ['32,767 selectors', text, { selectors: 32_767 }, 9],
  ['codes of 20 bits', text, { codeLengths: [flat(20), flat(20)] }, 9],
  ['codes of every length up to 20', steepContent(), { codeLengths: [steep, steep] }, 1],
  ['six tables', text, { codeLengths: [9, 20, 8, 10, 11, 7].map((bits) => flat(bits)) }, 9],
  ['a periodic block, whose rows form several cycles', Buffer.from('abc'.repeat(400)), {}, 1],
  ['one byte', Buffer.from('a'), {}, 1],
  ['all 256 values', Buffer.from(Array.from({ length: 2560 }, (_, index) => (index * 7) % 256)), {}, 1],
];

describe('odd but whole bzip2', () => {
  it.each(oddities)('decodes %s as bzip2 does, in one piece and in many', (_name, content, oddity, level) => {
    const input = writeStream(level, [{ content, ...oddity }]);
    const expected = { says: 'whole', sha256: sha256Of(content) };
    expect(bzip2Program(input)).toEqual(expected);
    expect(verdictOn([input])).toEqual(expected);
    expect(verdictOn(inPiecesOf(input, 13))).toEqual(expected);
  });

  it('decodes a level 1 block of 250,000 compressed bytes, too long for unbzip2-stream', () => {
    const content = contentKinds['random']!(random, 99_990);
    const input = writeStream(1, [{ content, codeLengths: [flat(20), flat(20)] }]);
    expect(input.length).toBeGreaterThan(248_000);
    for (const size of [1 << 20, 4096]) {
      expect(verdictOn(inPiecesOf(input, size))).toEqual({ says: 'whole', sha256: sha256Of(content) });
    }
    expect(unbzip2Stream(input).says).toBe('whole');
  });

  it('accepts a block that is exactly as long as its level allows, and refuses one byte more', () => {
    const stored = (length: number): OddBlock => {
      // No four equal bytes, so that it is stored as it is.
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 251);
      return { content: { stored: bytes, crc: bzip2Crc(bytes) } };
    };
    expect(decodeAll(writeStream(1, [stored(100_000)]))).toHaveLength(100_000);
    expect(decodeAll(writeStream(2, [stored(100_001)]))).toHaveLength(100_001);
    const tooLong = writeStream(1, [stored(100_001)]);
    expect(verdictOn([tooLong]).error?.message).toMatch(/longer than its stream allows/);
    expect(bzip2Program(tooLong)).toEqual({ says: 'refused' });
  });

  it('decodes a block that needs all 18,001 selectors, with as many more as can be announced', () => {
    // Neighbours differ, so that every byte is a symbol of its own: 900,000 of them and the end of the block.
    let value = 0;
    const column = Uint8Array.from({ length: 900_000 }, () => (value = (value + 1 + upTo(random, 250)) % 256));
    const content = invertPlainly(column, 4711);
    const block = { content: { column, origin: 4711, crc: bzip2Crc(content) } };
    for (const selectors of [18_001, 18_002, 18_003, 32_767]) {
      expect(sha256Of(decodeAll(writeStream(9, [{ ...block, selectors }])))).toBe(sha256Of(content));
    }
    const tooFew = verdictOn([writeStream(9, [{ ...block, selectors: 18_000 }])]);
    expect(tooFew.error?.message).toMatch(/continues after its last selector/);
  });

  it('refuses a block that has fewer selectors than it needs', () => {
    const short = writeStream(9, [{ content: text, selectors: 3 }]);
    expect(verdictOn([short]).error?.message).toMatch(/continues after its last selector/);
    expect(bzip2Program(short)).toEqual({ says: 'refused' });
  });

  it('decodes columns that no text has: many cycles, of which the origin is in one', () => {
    for (const length of [1, 2, 3, 7, 8, 9, 63, 64, 65, 500, 1023, 1024, 1025, 5000]) {
      const column = Uint8Array.from({ length }, () => 97 + upTo(random, 5));
      const origin = upTo(random, length);
      const content = invertPlainly(column, origin);
      const input = writeStream(9, [{ content: { column, origin, crc: bzip2Crc(content) } }]);
      const opinion = bzip2Program(input);
      // Refused where the block happens to end in four equal bytes.
      expect(verdictOn([input]).says).toBe(opinion.says);
      if (opinion.says === 'whole') expect(decodeAll(input).equals(content)).toBe(true);
    }
  });
});

/**
 * 20 values and the end of the block make 21 or more symbols, and the steepest complete table has codes of up to 20
 * bits.
 */
function steepContent(): Buffer {
  return Buffer.from(Array.from({ length: 1900 }, (_, index) => 65 + ((index * index) % 19)));
}
