/**
 * Writes the bytes of a block with their runs expanded, and computes their checksum.
 *
 * Four equal bytes are followed by a byte that says how many more there are. What lies between two such runs is copied
 * unchanged.
 */
import { crcStart, finishCrc, updateCrc } from './crc';
import { block, output, outputBytes } from './memory-layout';
import { done, hasOutput, runUnfinished } from './status';
import { blockLength } from './symbols';

/** Bytes of decoded output that are ready. */
export let outputLength: u32 = 0;

let crc: u32 = 0;
// Bytes of the block up to here have been written; those up to `plainEnd` are copied unchanged.
let written: u32 = 0;
let plainEnd: u32 = 0;
// The rest of a run, which is written after them, and the byte that gave its length, which is skipped.
let repeatsLeft: u32 = 0;
let repeated: u8 = 0;
let countBytes: u32 = 0;

export function startOutput(): void {
  outputLength = 0;
}

export function startRuns(): void {
  crc = crcStart;
  written = 0;
  plainEnd = 0;
  repeatsLeft = 0;
  countBytes = 0;
}

/** Writes until the block is used up or the output is full. */
export function writeRuns(): i32 {
  const begin = outputLength;
  const status = writeUntilFull();
  crc = updateCrc(crc, output + begin, outputLength - begin);
  return status;
}

export function blockCrc(): u32 {
  return finishCrc(crc);
}

function writeUntilFull(): i32 {
  while (true) {
    if (!writePlain() || !writeRepeats()) return hasOutput;
    written += countBytes;
    countBytes = 0;
    if (written >= blockLength) return done;
    if (!findRun()) return runUnfinished;
  }
}

/** Returns whether all of it had room. */
function writePlain(): bool {
  const length = min(plainEnd - written, outputBytes - outputLength);
  memory.copy(output + outputLength, block + written, length);
  outputLength += length;
  written += length;
  return written == plainEnd;
}

/** Returns whether all of them had room. */
function writeRepeats(): bool {
  const length = min(repeatsLeft, outputBytes - outputLength);
  memory.fill(output + outputLength, repeated, length);
  outputLength += length;
  repeatsLeft -= length;
  return repeatsLeft == 0;
}

/**
 * Finds the next four equal bytes and what follows them. Returns false if the byte with the length of the run is
 * missing.
 */
function findRun(): bool {
  const run = findFourEqual(written);
  plainEnd = min(run + 4, blockLength);
  if (run >= blockLength) return true;
  repeated = load<u8>(block + run);
  repeatsLeft = load<u8>(block + plainEnd);
  countBytes = 1;
  return plainEnd < blockLength;
}

/**
 * Returns the position of the next four equal bytes, or the length of the block. Compares 16 positions at once, up to
 * 18 bytes into the margin.
 */
function findFourEqual(from: u32): u32 {
  for (; from + 3 < blockLength; from += 16) {
    const at = block + from;
    const bytes0 = v128.load(at);
    const bytes1 = v128.load(at, 1);
    const bytes2 = v128.load(at, 2);
    const bytes3 = v128.load(at, 3);
    const equal = v128.and(v128.and(i8x16.eq(bytes0, bytes1), i8x16.eq(bytes1, bytes2)), i8x16.eq(bytes2, bytes3));
    const found = i8x16.bitmask(equal);
    if (found != 0) {
      const position = from + ctz<u32>(found);
      return position + 3 < blockLength ? position : blockLength;
    }
  }
  return blockLength;
}
