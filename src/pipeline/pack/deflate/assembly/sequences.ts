import { distanceClass, distanceSymbols, firstLengthSymbol, literalSymbols } from './deflate-format';
import {
  blockSequencesMax,
  distanceCountsAt,
  inputAt,
  lengthClassesAt,
  literalCountsAt,
  literalRunsAt,
  matchesAt,
} from './memory-layout';
import { at32, at8, countOne, put32 } from './tables';

// A block is collected as sequences: some literals (only their number; their bytes are in the input), then a match. At
// the same time, the symbols that they take are counted.

/** Sequences collected for the block. */
export let sequenceCount: u32 = 0;

export function startBlock(): void {
  sequenceCount = 0;
  memory.fill(literalCountsAt, 0, 4 * literalSymbols);
  memory.fill(distanceCountsAt, 0, 4 * distanceSymbols);
}

export function blockIsFull(): bool {
  return sequenceCount == blockSequencesMax;
}

/** Adds the literals from `literalsFrom` to `matchStart` and the match that follows them. */
export function addSequence(literalsFrom: u32, matchStart: u32, length: u32, distance: u32): void {
  countLiterals(literalsFrom, matchStart);
  countOne(literalCountsAt, firstLengthSymbol + at8(lengthClassesAt, length));
  countOne(distanceCountsAt, distanceClass(distance - 1));
  put32(literalRunsAt, sequenceCount, matchStart - literalsFrom);
  put32(matchesAt, sequenceCount, ((distance - 1) << 16) | length);
  sequenceCount++;
}

/** Counts literals that no match follows. */
export function countLiterals(begin: u32, end: u32): void {
  for (let position = begin; position < end; position++) countOne(literalCountsAt, load<u8>(inputAt + position));
}

export function literalRun(sequence: u32): u32 {
  return at32(literalRunsAt, sequence);
}

/** Returns the match of a sequence, for `lengthOf` and `distanceLessOneOf`. */
export function packedMatch(sequence: u32): u32 {
  return at32(matchesAt, sequence);
}

export function lengthOf(match: u32): u32 {
  return match & 0xffff;
}

export function distanceLessOneOf(match: u32): u32 {
  return match >> 16;
}
