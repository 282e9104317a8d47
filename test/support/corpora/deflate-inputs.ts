import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';

/** Returns bytes of any length, made from random numbers. */
export type ByteMaker = (random: RandomNumbers, length: number) => Uint8Array;

/** Kinds of bytes on which an encoder behaves differently. */
export const byteKinds = {
  incompressible: (random, length) => filled(length, () => upTo(random, 256)),
  'two symbols': (random, length) => filled(length, () => (chance(random, 0.5) ? 48 : 49)),
  digits: (random, length) => filled(length, () => 48 + upTo(random, 10)),
  'rare symbols': (random, length) => filled(length, () => Math.floor(256 * eighthPower(random()))),
  zeros: (_random, length) => new Uint8Array(length),
  'log lines': logLines,
  'copies of earlier bytes': copies,
  'near copies of one block': nearCopies,
  'a block that shifts': shiftingBlock,
  'every pair once': everyPair,
} as const satisfies Record<string, ByteMaker>;

/** Repeats a random block of `period` bytes. */
export function periodic(random: RandomNumbers, period: number, length: number): Uint8Array {
  const block = byteKinds.incompressible(random, period);
  return filled(length, (index) => block[index % period]!);
}

/**
 * Returns bytes of one or several kinds, of a length that is sometimes small, sometimes near a boundary, and sometimes
 * anything up to `max`.
 */
export function anyBytes(random: RandomNumbers, max: number): Uint8Array {
  const length = Math.min(max, anyLength(random, max));
  if (chance(random, 0.6)) return anyKind(random, length);
  const pieces: Uint8Array[] = [];
  for (let held = 0; held < length;) {
    const piece = anyKind(random, 1 + upTo(random, length - held));
    pieces.push(piece);
    held += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, length);
}

function anyKind(random: RandomNumbers, length: number): Uint8Array {
  if (chance(random, 0.2)) return periodic(random, 1 + upTo(random, pick(random, [8, 300, 40_000])), length);
  return pick<ByteMaker>(random, Object.values(byteKinds))(random, length);
}

function anyLength(random: RandomNumbers, max: number): number {
  if (chance(random, 0.3)) return upTo(random, 600);
  if (chance(random, 0.6)) return upTo(random, 70_000);
  if (chance(random, 0.3)) return pick(random, [32_768, 65_535, 131_072, max]) - 3 + upTo(random, 7);
  return upTo(random, max + 1);
}

function filled(length: number, byte: (index: number) => number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = byte(index);
  return bytes;
}

/** Returns the same bytes on every machine, as golden digests need them. */
function logLines(random: RandomNumbers, length: number): Uint8Array {
  const lines: string[] = [];
  for (let held = 0; held < length;) {
    const line =
      `{"time":"2024-03-14T09:${two(upTo(random, 60))}:${two(upTo(random, 60))}Z",` +
      `"service":"${pick(random, ['cart', 'checkout', 'shipping'])}",` +
      `"id":"${upTo(random, 2 ** 32).toString(16)}","user":${String(upTo(random, 9999))},` +
      `"status":${pick(random, ['200', '201', '404'])},"ms":${String(upTo(random, 80))}}\n`;
    lines.push(line);
    held += line.length;
  }
  return Buffer.from(lines.join(''), 'latin1').subarray(0, length);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Random literals, and copies of all lengths and distances, mixed differently each time. */
function copies(random: RandomNumbers, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const symbols = 1 + upTo(random, 256);
  const literalsMax = 1 + upTo(random, 20);
  const copyMax = pick(random, [5, 8, 12, 40, 300, 2000]);
  const distanceMax = pick(random, [4, 300, 33_000, 70_000]);
  for (let at = 0; at < length;) {
    for (let left = upTo(random, literalsMax); left >= 0 && at < length; left -= 1) bytes[at++] = upTo(random, symbols);
    const distance = 1 + upTo(random, Math.min(at, distanceMax));
    for (let left = upTo(random, copyMax); left > 0 && at < length; left -= 1, at += 1) {
      bytes[at] = bytes[at - distance] ?? 0;
    }
  }
  return bytes;
}

/** Repeats one block with a few bytes changed each time: many candidates, each slightly different. */
function nearCopies(random: RandomNumbers, length: number): Uint8Array {
  const block = byteKinds.incompressible(random, 4 + upTo(random, 400));
  const change = pick(random, [0.3, 0.1, 0.03, 0.01]);
  return filled(length, (index) => (chance(random, change) ? upTo(random, 256) : block[index % block.length]!));
}

/** Pieces of one block, each starting one byte later: after every match, a longer one starts at the next byte. */
function shiftingBlock(random: RandomNumbers, length: number): Uint8Array {
  const block = byteKinds.incompressible(random, 100 + upTo(random, 300));
  const bytes = new Uint8Array(length);
  const pieceBytes = 6 + upTo(random, 120);
  const step = 1 + upTo(random, 3);
  for (let at = 0, begin = 0; at < length; begin = (begin + step) % block.length) {
    for (let index = 0; index < pieceBytes && at < length; index += 1)
      bytes[at++] = block[(begin + index) % block.length]!;
    if (chance(random, 0.5) && at < length) bytes[at++] = upTo(random, 256);
  }
  return bytes;
}

/** A sequence in which each pair of bytes occurs about once: no matches, and the flattest of codes. */
function everyPair(_random: RandomNumbers, length: number): Uint8Array {
  return filled(length, (index) => {
    const round = Math.floor(index / 256);
    return (index * (2 * round + 1)) & 0xff;
  });
}

/** Uses multiplication only, which gives the same bits everywhere; `**` need not. */
function eighthPower(value: number): number {
  const square = value * value;
  const fourth = square * square;
  return fourth * fourth;
}
