import { describe, expect, it } from 'vitest';
import {
  bzip2Program,
  compressAll,
  libbz2,
  sha256Of,
  unbzip2Stream,
} from '../../../../support/corpora/bzip2-references.js';
import { contentKinds } from '../../../../support/corpora/bzip2-seeds.js';
import { decodeAll, inPiecesOf, verdictOn } from '../../../../support/corpora/bzip2-verdict.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const seed = 20_240_601;

describe('the bzip2 decoder against the standard implementations', () => {
  it.each(Object.entries(contentKinds))('gives back %s of every level, of one block and of several', (_kind, make) => {
    const random = randomNumbers(seed);
    const contents = levels.flatMap((level) =>
      [0, 1, 2, 4, 5, 1000, 130_000].map((length) => ({ level, bytes: make(random, length) })),
    );
    for (const [index, input] of compressAll(contents).entries()) {
      expect(sha256Of(decodeAll(input)), `content ${String(index)}`).toBe(sha256Of(contents[index]!.bytes));
    }
  });

  it('gives back contents that end 0 to 3 bytes around the end of a block, at every level', () => {
    const random = randomNumbers(seed);
    // libbz2 ends a block 19 bytes before the limit of the format.
    const contents = levels.flatMap((level) => {
      const longest = contentKinds['random']!(random, level * 100_000 + 4);
      const ends = [level * 100_000 - 19, level * 100_000];
      return ends.flatMap((end) =>
        (level <= 2 ? [-3, -2, -1, 0, 1, 2, 3] : [0, 1]).map((around) => ({
          level,
          bytes: longest.subarray(0, end + around),
        })),
      );
    });
    for (const [index, input] of compressAll(contents).entries()) {
      expect(sha256Of(decodeAll(input)), `content ${String(index)}`).toBe(sha256Of(contents[index]!.bytes));
    }
  });

  it('gives back what is already compressed, and several streams with empty ones between them', () => {
    const text = contentKinds['text']!(randomNumbers(seed), 50_000);
    const [once, empty] = compressAll([
      { level: 9, bytes: text },
      { level: 1, bytes: Buffer.alloc(0) },
    ]);
    const [twice] = compressAll([{ level: 5, bytes: once! }]);
    expect(decodeAll(twice!).equals(once!)).toBe(true);
    const joined = Buffer.concat([empty!, once!, empty!, empty!, twice!, once!, empty!]);
    expect(decodeAll(joined).equals(Buffer.concat([text, once!, text]))).toBe(true);
  });

  it('agrees with bzip2 and unbzip2-stream on every truncation, and with libbz2 on every bit flip', () => {
    const small = Buffer.concat(
      compressAll([
        { level: 9, bytes: Buffer.from('the first of two streams; the first of two streams') },
        { level: 1, bytes: contentKinds['runs']!(randomNumbers(seed), 300) },
      ]),
    );
    const truncations = Array.from({ length: small.length }, (_, length) => small.subarray(0, length));
    const flips = Array.from({ length: small.length * 8 }, (_, bit) => {
      const flipped = Buffer.from(small);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      return flipped;
    });
    const wholeTruncations: number[] = [];
    for (const [length, opinion] of libbz2(truncations).entries()) {
      const verdict = verdictOn([truncations[length]!]);
      expect(verdict.says, `length ${String(length)}`).toBe(opinion.says);
      expect(['unknown', opinion.says]).toContain(unbzip2Stream(truncations[length]!).says);
      if (verdict.says === 'whole') wholeTruncations.push(length);
      if (length > 0 && verdict.says !== 'whole') expect(verdict.error?.failureClass).toBe('CorruptInput/Truncated');
    }
    // Cut between the streams, nothing is missing that the bytes could tell.
    expect(wholeTruncations).toHaveLength(1);
    for (const [bit, opinion] of libbz2(flips).entries()) {
      const verdict = verdictOn([flips[bit]!]);
      expect(verdict.says, `bit ${String(bit)}`).toBe(opinion.says);
      if (opinion.says === 'whole') expect(verdict.sha256).toBe(opinion.sha256);
    }
    for (const length of [5, 40, small.length - 1]) {
      expect(bzip2Program(truncations[length]!)).toEqual({ says: 'refused' });
    }
  });

  it('agrees with the bzip2 program about bytes that follow, however few', () => {
    const [input] = compressAll([{ level: 9, bytes: Buffer.from('followed') }]);
    for (const after of ['\0', '\n', 'x', 'B', 'BZ', 'BZh', 'BZh0', 'BZh9', 'BZhello', '\0\0\0\0', 'some text']) {
      const followed = Buffer.concat([input!, Buffer.from(after)]);
      expect(verdictOn([followed]).says, JSON.stringify(after)).toBe(bzip2Program(followed).says);
      expect(verdictOn(inPiecesOf(followed, 1))).toEqual(verdictOn([followed]));
    }
  });
});
