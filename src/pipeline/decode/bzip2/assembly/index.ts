/**
 * A bzip2 decoder that can stop at any bit of its input and at any 128 KiB of its output: the driver of the phases in
 * the other files.
 *
 * To use it, call `reset`; then, whenever there is input, copy at most `inputRoom` bytes to the address `inputPlace`,
 * `accept` them, and `run(false)` for as long as it returns `hasOutput`, taking `outputLength` bytes from `outputPlace`
 * each time; at the end of the input `run(true)` in the same way until it returns `ended`. Any other result is a fault:
 * see `faultOffset`, `streamNumber` and `blockNumber`.
 */
import {
  expectedCrc,
  readExpectedCrc,
  readOrigin,
  readSelectorCounts,
  readSelectors,
  readUsedRanges,
  readUsedValues,
} from './block-header';
import { makeCrcTables } from './crc';
import { readTables, startTables } from './huffman-tables';
import {
  acceptBytes,
  availableBits,
  givenBytes,
  makeRoom,
  padInput,
  peek,
  positionBytes,
  ready,
  resetInput,
  roomBytes,
  skipToByte,
  take,
} from './input-bits';
import { invertTransform } from './inverse-transform';
import { memoryPages, output } from './memory-layout';
import { blockCrc, outputLength as bytesReady, startOutput, startRuns, writeRuns } from './run-lengths';
import {
  badMagic,
  blockCrcWrong,
  done,
  emptyFile,
  ended,
  hasOutput,
  needsInput,
  noBlockHere,
  streamCrcWrong,
  trailingBytes,
  truncated,
} from './status';
import { makeFrontShuffles, readSymbols, startSymbols } from './symbols';

export * from './status';

const enum Phase {
  StreamHeader,
  Marker,
  ExpectedCrc,
  Origin,
  UsedRanges,
  UsedValues,
  SelectorCounts,
  Selectors,
  Tables,
  Symbols,
  Runs,
  StreamEnd,
  Over,
}

// "BZh" and a digit from 1 to 9.
const streamMagic: u32 = 0x425a68;
const levelZero: u32 = 0x30;
// The digits of pi, and of its square root.
const blockMarker: u64 = 0x314159265359;
const streamEndMarker: u64 = 0x177245385090;

let phase: Phase = Phase.StreamHeader;
// What ended decoding, once the phase is `Over`.
let verdict: i32 = done;
let streams: u32 = 0;
let blocks: u32 = 0;
let level: u32 = 0;
let streamCrc: u32 = 0;
// Where the stream header, block or end of stream that is being read begins.
let structureOffset: u64 = 0;

memory.grow(memoryPages - memory.size());
makeCrcTables();
makeFrontShuffles();

/** Forgets everything, to begin with another input. */
export function reset(): void {
  resetInput();
  startOutput();
  phase = Phase.StreamHeader;
  verdict = done;
  streams = 0;
  blocks = 0;
  structureOffset = 0;
}

export function inputPlace(): usize {
  return makeRoom();
}

export function inputRoom(): u32 {
  return roomBytes();
}

export function accept(count: u32): void {
  acceptBytes(count);
}

export function outputPlace(): usize {
  return output;
}

export function outputLength(): u32 {
  return bytesReady;
}

/** Continues decoding: reads at most one block and writes at most 128 KiB. `last` says that there is no more input. */
export function run(last: bool): i32 {
  startOutput();
  if (last) padInput();
  while (phase != Phase.Over) {
    let status = runPhase(last);
    if (status == done) continue;
    if (status == needsInput && last) status = truncated;
    if (status == needsInput || status == hasOutput) return status;
    verdict = status;
    phase = Phase.Over;
  }
  return verdict;
}

/** The stream that is being read, counted from 1; 0 before the first. */
export function streamNumber(): u32 {
  return streams;
}

/** The block of the stream that is being read, counted from 1; 0 while no block is being read. */
export function blockNumber(): u32 {
  return blocks;
}

/** Bytes of the input that have been used; a byte counts once its last bit has been used. */
export function usedBytes(): f64 {
  return <f64>positionBytes();
}

/**
 * Where the fault is: the beginning of the stream header, block or end of stream, or the end of input that is too
 * short.
 */
export function faultOffset(): f64 {
  return <f64>(verdict == truncated ? givenBytes() : structureOffset);
}

/** Runs one phase, and moves to the next when it is done. */
function runPhase(last: bool): i32 {
  switch (phase) {
    case Phase.StreamHeader:
      return readStreamHeader(last);
    case Phase.Marker:
      return readMarker();
    case Phase.ExpectedCrc:
      return next(readExpectedCrc());
    case Phase.Origin:
      return next(readOrigin());
    case Phase.UsedRanges:
      return next(readUsedRanges());
    case Phase.UsedValues:
      return next(readUsedValues());
    case Phase.SelectorCounts:
      return next(readSelectorCounts());
    case Phase.Selectors:
      return next(readSelectors());
    case Phase.Tables:
      return next(readTables());
    case Phase.Symbols:
      return next(readSymbols(level, last));
    case Phase.Runs:
      return writeBlock();
    default:
      return readStreamEnd();
  }
}

/** Prepares the next phase of a block. */
function next(status: i32): i32 {
  if (status != done) return status;
  phase++;
  if (phase == Phase.Tables) startTables();
  if (phase == Phase.Symbols) startSymbols();
  if (phase == Phase.Runs) {
    invertTransform();
    startRuns();
  }
  return done;
}

function readStreamHeader(last: bool): i32 {
  structureOffset = positionBytes();
  blocks = 0;
  const left = availableBits();
  if (left == 0 && last) return streams == 0 ? emptyFile : ended;
  if (!ready(32)) return last && !mayBecomeHeader(left) ? notAHeader() : needsInput;
  const header = peek(32);
  level = (header & 0xff) - levelZero;
  if (header >> 8 != streamMagic || level < 1 || level > 9) return notAHeader();
  take(32);
  streams++;
  streamCrc = 0;
  phase = Phase.Marker;
  return done;
}

/** Reports whether the last bits of the input are the beginning of a header. */
function mayBecomeHeader(bits: u32): bool {
  ready(bits);
  return peek(bits) == streamMagic >> (24 - bits);
}

function notAHeader(): i32 {
  return streams == 0 ? badMagic : trailingBytes;
}

function readMarker(): i32 {
  if (!ready(48)) return needsInput;
  structureOffset = positionBytes();
  const marker = ((<u64>take(24)) << 24) | take(24);
  if (marker == streamEndMarker) {
    blocks = 0;
    phase = Phase.StreamEnd;
    return done;
  }
  blocks++;
  if (marker != blockMarker) return noBlockHere;
  phase = Phase.ExpectedCrc;
  return done;
}

function writeBlock(): i32 {
  const status = writeRuns();
  if (status != done) return status;
  const crc = blockCrc();
  if (crc != expectedCrc) return blockCrcWrong;
  streamCrc = rotl<u32>(streamCrc, 1) ^ crc;
  phase = Phase.Marker;
  return bytesReady > 0 ? hasOutput : done;
}

function readStreamEnd(): i32 {
  if (!ready(32)) return needsInput;
  if (take(32) != streamCrc) return streamCrcWrong;
  skipToByte();
  phase = Phase.StreamHeader;
  return done;
}
