import { compressAll } from './bzip2-references.js';
import { flat, steep, writeStream } from './bzip2-writer.js';
import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';

/** Kinds of content that bzip2 treats differently, each of `length` bytes. */
export const contentKinds: Readonly<Record<string, (random: RandomNumbers, length: number) => Buffer>> = {
  text: (random, length) => fill(length, () => pick(random, words) + pick(random, [' ', ' ', ' ', ',\n'])),
  runs: (random, length) =>
    fill(length, () =>
      String.fromCharCode(97 + upTo(random, 4)).repeat(1 + upTo(random, chance(random, 0.1) ? 600 : 9)),
    ),
  periodic: (random, length) => {
    const period = fill(1 + upTo(random, 40), () => String.fromCharCode(97 + upTo(random, 26)));
    return fill(length, () => period.toString('latin1'));
  },
  'one value': (random, length) => Buffer.alloc(length, upTo(random, 256)),
  random: (random, length) => Buffer.from(Array.from({ length }, () => upTo(random, 256))),
};

/**
 * Small inputs to start from: streams of every kind of content, some of several blocks, and odd ones written by hand.
 */
export function fuzzSeeds(random: RandomNumbers): readonly Buffer[] {
  const contents = Object.values(contentKinds).flatMap((make) =>
    [0, 1, 5, 50, 700, 3000].map((length) => ({ level: 1 + upTo(random, 9), bytes: make(random, length) })),
  );
  const several = { level: 1, bytes: contentKinds['text']!(random, 230_000) };
  const text = contentKinds['text']!(random, 2000);
  const odd = [
    writeStream(1, [{ content: text, randomised: true }]),
    writeStream(9, [{ content: text, selectors: 20_000 }]),
    writeStream(5, [{ content: text, codeLengths: [flat(20), flat(11), flat(6)] }, { content: text.subarray(0, 40) }]),
    writeStream(3, [{ content: Buffer.from('abracadabra'), codeLengths: [steep, steep, steep, steep, steep, steep] }]),
    writeStream(9, [{ content: Buffer.from('abababababab') }, { content: Buffer.alloc(5000) }]),
  ];
  return [...compressAll([...contents, several]), ...odd];
}

const words = ['alpha', 'beta', 'gamma', 'delta', '"status":200', '{"level":"info"}', 'zzzzzz', '0.25', 'é'];

function fill(length: number, next: () => string): Buffer {
  const parts: string[] = [];
  for (let filled = 0; filled < length;) {
    const part = next();
    parts.push(part);
    filled += part.length;
  }
  return Buffer.from(parts.join('')).subarray(0, length);
}
