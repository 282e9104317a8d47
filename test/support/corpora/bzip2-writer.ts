import { readFileSync } from 'node:fs';
import { BitWriter } from './bzip2-bit-writer.js';
import { lastColumn } from './bzip2-last-column.js';

/**
 * One block of a {@link writeStream}: what it holds, and how it is written. Everything odd about it is still valid
 * bzip2.
 */
export interface OddBlock {
  /**
   * Decoded bytes. Or, as `stored`, the bytes after run-length encoding; or, as `column`, what the transform makes of
   * those. Both with the CRC of the decoded bytes.
   */
  readonly content:
    | Uint8Array
    | { readonly stored: Uint8Array; readonly crc: number }
    | { readonly column: Uint8Array; readonly origin: number; readonly crc: number };
  readonly randomised?: boolean;
  /** How many selectors are announced; by default as few as are needed. */
  readonly selectors?: number;
  /**
   * The code length of each symbol, one list per table. Groups use the tables in turn. By default two tables of 9 bits.
   */
  readonly codeLengths?: readonly ((symbolCount: number) => readonly number[])[];
}

/** Writes one bzip2 stream by hand, for what no common encoder writes. Slow, simple, and no model for an encoder. */
export function writeStream(level: number, blocks: readonly OddBlock[]): Buffer {
  const bits = new BitWriter();
  bits.write(0x425a68, 24);
  bits.write(0x30 + level, 8);
  let streamCrc = 0;
  // A bomb repeats one block many times.
  const sorted = new Map<OddBlock, SortedBlock>();
  for (const block of blocks) {
    const crc = block.content instanceof Uint8Array ? bzip2Crc(block.content) : block.content.crc;
    streamCrc = (((streamCrc << 1) | (streamCrc >>> 31)) ^ crc) >>> 0;
    const prepared = sorted.get(block) ?? sortBlock(block);
    sorted.set(block, prepared);
    writeBlock(bits, { ...block, ...prepared }, crc);
  }
  bits.write(0x177245, 24);
  bits.write(0x385090, 24);
  bits.write(streamCrc, 32);
  return bits.bytes();
}

/** The same length for every symbol. */
export const flat =
  (bits: number) =>
  (symbolCount: number): readonly number[] =>
    Array.from({ length: symbolCount }, () => bits);

/** One code of each length from 1 on, and the rest at the end: the steepest complete table. */
export const steep = (symbolCount: number): readonly number[] =>
  Array.from({ length: symbolCount }, (_, symbol) => Math.min(symbol + 1, symbolCount - 1));

/** What is left of a block to write: where its row is, the bytes that occur, and its symbols. */
interface SortedBlock {
  readonly origin: number;
  readonly used: readonly number[];
  readonly symbols: readonly number[];
}

function sortBlock(block: OddBlock): SortedBlock {
  const { column, origin } = transform(block);
  const used = [...new Set(column)].sort((a, b) => a - b);
  return { origin, used, symbols: toSymbols(column, used) };
}

function writeBlock(bits: BitWriter, block: OddBlock & SortedBlock, crc: number): void {
  const { origin, used, symbols } = block;
  const tables = (block.codeLengths ?? [flat(9), flat(9)]).map((lengths) => lengths(used.length + 2));
  bits.write(0x314159, 24);
  bits.write(0x265359, 24);
  bits.write(crc, 32);
  bits.write(block.randomised === true ? 1 : 0, 1);
  bits.write(origin, 24);
  writeUsed(bits, used);
  const groups = Math.ceil(symbols.length / 50);
  bits.write(tables.length, 3);
  bits.write(block.selectors ?? groups, 15);
  writeSelectors(bits, tables.length, block.selectors ?? groups);
  for (const lengths of tables) writeLengths(bits, lengths);
  const codes = tables.map((lengths) => canonicalCodes(lengths));
  for (const [index, symbol] of symbols.entries()) {
    const { code, length } = codes[Math.floor(index / 50) % tables.length]![symbol]!;
    bits.write(code, length);
  }
}

function transform({ content, randomised }: OddBlock): { readonly column: Uint8Array; readonly origin: number } {
  if ('column' in content) return content;
  const stored = 'stored' in content ? content.stored : shortenRuns(content);
  return lastColumn(randomised === true ? randomise(stored) : stored);
}

function writeUsed(bits: BitWriter, used: readonly number[]): void {
  const ranges = Array.from({ length: 16 }, (_, range) => used.filter((value) => value >> 4 === range));
  for (const range of ranges) bits.write(range.length > 0 ? 1 : 0, 1);
  for (const range of ranges.filter(({ length }) => length > 0)) {
    for (let low = 0; low < 16; low += 1) bits.write(range.some((value) => (value & 15) === low) ? 1 : 0, 1);
  }
}

/** Tables in turn (0, 1, …, 0, 1, …), as places in a move-to-front list. */
function writeSelectors(bits: BitWriter, tableCount: number, count: number): void {
  const order = Array.from({ length: tableCount }, (_, table) => table);
  for (let index = 0; index < count; index += 1) {
    const place = order.indexOf(index % tableCount);
    for (let one = 0; one < place; one += 1) bits.write(1, 1);
    bits.write(0, 1);
    order.unshift(...order.splice(place, 1));
  }
}

function writeLengths(bits: BitWriter, lengths: readonly number[]): void {
  let current = lengths[0]!;
  bits.write(current, 5);
  for (const length of lengths) {
    for (; current < length; current += 1) bits.write(0b10, 2);
    for (; current > length; current -= 1) bits.write(0b11, 2);
    bits.write(0, 1);
  }
}

function canonicalCodes(lengths: readonly number[]): readonly { code: number; length: number }[] {
  const codes = lengths.map((length) => ({ code: 0, length }));
  let code = 0;
  for (let length = 1; length <= 20; length += 1) {
    for (const entry of codes.filter((candidate) => candidate.length === length)) entry.code = code++;
    code *= 2;
  }
  return codes;
}

/** Move-to-front places, runs of the first place as digits 1 and 2 of base 2, then the end of the block. */
function toSymbols(column: Uint8Array, used: readonly number[]): readonly number[] {
  const list = Uint8Array.from(used);
  const symbols: number[] = [];
  let zeros = 0;
  const endZeros = (): void => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push(zeros % 2 === 1 ? 0 : 1);
  };
  for (const value of column) {
    const place = list.indexOf(value);
    if (place === 0) {
      zeros += 1;
    } else {
      endZeros();
      symbols.push(place + 1);
      list.copyWithin(1, 0, place);
      list[0] = value;
    }
  }
  endZeros();
  symbols.push(used.length + 1);
  return symbols;
}

/** Four equal bytes, and how many more of them follow. */
function shortenRuns(bytes: Uint8Array): Uint8Array {
  const shortened: number[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = start;
    while (end < bytes.length && end - start < 259 && bytes[end] === bytes[start]) end += 1;
    for (let index = start; index < Math.min(end, start + 4); index += 1) shortened.push(bytes[index]!);
    if (end - start >= 4) shortened.push(end - start - 4);
    start = end;
  }
  return Uint8Array.from(shortened);
}

function randomise(stored: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(stored);
  let left = 0;
  let index = 0;
  for (let at = 0; at < flipped.length; at += 1) {
    if (left === 0) left = distances[index++ % distances.length]!;
    left -= 1;
    if (left === 1) flipped[at]! ^= 1;
  }
  return flipped;
}

// The numbers themselves are proven by a reference that decodes what is written with them.
const distances = /<u16>\(\[([^\]]*)\]/
  .exec(
    readFileSync(new URL('../../../src/pipeline/decode/bzip2/assembly/derandomise.ts', import.meta.url), 'utf8'),
  )![1]!
  .split(',')
  .map(Number)
  .filter((distance) => distance > 0);

/** The CRC-32 as bzip2 computes it: the top bit first. */
export function bzip2Crc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!;
  return ~crc >>> 0;
}

const crcTable = Int32Array.from({ length: 256 }, (_, value) => {
  let crc = value << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
