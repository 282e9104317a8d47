/**
 * Undoes the Burrows-Wheeler transform: turns the runs of the sorted block into the block itself.
 *
 * Each row of the transform leads to exactly one other row; following them from the origin gives the bytes in their
 * order. Doing just that is slow, because each step waits for memory at an unpredictable place. So several hundred
 * rows, evenly spread, are marked as beginnings of segments, and eight lanes follow eight segments at once, each until
 * it meets a mark. Then the segments are joined, starting at the origin. Every row is visited at most once, whatever
 * the block: in a periodic or damaged block, rows can form several cycles.
 */
import { origin, randomised } from './block-header';
import { derandomise } from './derandomise';
import {
  block,
  blockMarginBytes,
  laneBytes,
  laneCount,
  laneRow,
  laneSegment,
  lanes,
  rows,
  runs,
  segmentBegin,
  segmentEnd,
  segmentLane,
  segmentNext,
  valueRows,
} from './memory-layout';
import { blockLength, runsEnd } from './symbols';

// A row holds its byte in the low 8 bits, the row that follows above that, and the mark of a segment's beginning in the
// top bit.
const mark: u32 = 0x80000000;
const rowMask: u32 = 0xfffff;

// Every 2^spacing-th row begins a segment.
let spacing: u32 = 0;
let evenSegments: u32 = 0;
// The origin begins the segment after those, unless it is one of their rows.
let segmentCount: u32 = 0;

export function invertTransform(): void {
  linkRows();
  markSegments();
  followSegments();
  joinSegments();
  if (randomised) derandomise(blockLength);
  memory.fill(block + blockLength, 0, blockMarginBytes);
}

/** The n-th row of a value, in sorted order, is followed by the row that holds the n-th byte of that value. */
function linkRows(): void {
  let first: u32 = 0;
  for (let counter = valueRows; counter < valueRows + 4 * 256; counter += 4) {
    const count = load<u32>(counter);
    store<u32>(counter, first);
    first += count;
  }
  let row: u32 = 0;
  for (let run = runs; run < runsEnd; run += 4) {
    const length = load<u32>(run) >> 8;
    const value = load<u32>(run) & 0xff;
    const place = load<u32>(valueRows + (value << 2));
    store<u32>(valueRows + (value << 2), place + length);
    let entry = (row << 8) | value;
    const end = rows + ((place + length) << 2);
    for (let at = rows + (place << 2); at < end; at += 4) {
      store<u32>(at, entry);
      entry += 1 << 8;
    }
    row += length;
  }
}

/**
 * Between 512 and 1,024 segments, none shorter than a few bytes: enough to keep the lanes busy, few enough to join
 * quickly.
 */
function markSegments(): void {
  spacing = 0;
  while (blockLength >> spacing > 1024 || (blockLength >> spacing > 64 && (<u32>1) << spacing < 512)) spacing++;
  evenSegments = ((blockLength - 1) >> spacing) + 1;
  for (let segment: u32 = 0; segment < evenSegments; segment++) markRow(segment << spacing);
  segmentCount = evenSegments;
  if (!isEven(origin)) {
    markRow(origin);
    segmentCount++;
  }
  // Idle lanes step from this row to itself.
  store<u32>(rows + (blockLength << 2), blockLength << 8);
}

function markRow(row: u32): void {
  const at = rows + (row << 2);
  store<u32>(at, load<u32>(at) | mark);
}

function isEven(row: u32): bool {
  return (row & (((<u32>1) << spacing) - 1)) == 0;
}

function beginningOf(segment: u32): u32 {
  return segment < evenSegments ? segment << spacing : origin;
}

function segmentFrom(row: u32): u32 {
  return isEven(row) ? row >> spacing : evenSegments;
}

let nextSegment: u32 = 0;
let busyLanes: u32 = 0;

/** All lanes collect their bytes at the same distance from their beginnings, so one variable serves them all. */
function followSegments(): void {
  nextSegment = 0;
  busyLanes = 0;
  let at: usize = 0;
  for (let lane: u32 = 0; lane < laneCount; lane++) beginSegment(lane, at);
  at++;
  while (busyLanes > 0) {
    at = stepUntilMark(at);
    for (let lane: u32 = 0; lane < laneCount; lane++) {
      const row = load<u32>(laneRow + (lane << 2));
      const entry = load<u32>(rows + (row << 2));
      if ((entry & mark) != 0) {
        endSegment(lane, at, row);
        beginSegment(lane, at);
      } else {
        visit(lane, at, entry);
      }
    }
    at++;
  }
}

function beginSegment(lane: u32, at: usize): void {
  if (nextSegment == segmentCount) {
    visit(lane, at, load<u32>(rows + (blockLength << 2)));
    return;
  }
  const segment = nextSegment++;
  busyLanes++;
  store<u32>(laneSegment + (lane << 2), segment);
  store<u32>(segmentLane + (segment << 2), lane);
  store<u32>(segmentBegin + (segment << 2), at);
  visit(lane, at, load<u32>(rows + (beginningOf(segment) << 2)));
}

function endSegment(lane: u32, at: usize, followingRow: u32): void {
  const segment = load<u32>(laneSegment + (lane << 2));
  store<u32>(segmentEnd + (segment << 2), at);
  store<u32>(segmentNext + (segment << 2), segmentFrom(followingRow));
  busyLanes--;
}

function visit(lane: u32, at: usize, entry: u32): void {
  store<u8>(lanes + lane * laneBytes + at, entry);
  store<u32>(laneRow + (lane << 2), (entry >> 8) & rowMask);
}

/** Steps with all lanes until one reaches a mark. Written out eight times, so that the rows stay in registers. */
function stepUntilMark(at: usize): usize {
  let row0 = load<u32>(laneRow);
  let row1 = load<u32>(laneRow, 4);
  let row2 = load<u32>(laneRow, 8);
  let row3 = load<u32>(laneRow, 12);
  let row4 = load<u32>(laneRow, 16);
  let row5 = load<u32>(laneRow, 20);
  let row6 = load<u32>(laneRow, 24);
  let row7 = load<u32>(laneRow, 28);
  for (let byte = lanes + at; ; byte++) {
    const entry0 = load<u32>(rows + (row0 << 2));
    const entry1 = load<u32>(rows + (row1 << 2));
    const entry2 = load<u32>(rows + (row2 << 2));
    const entry3 = load<u32>(rows + (row3 << 2));
    const entry4 = load<u32>(rows + (row4 << 2));
    const entry5 = load<u32>(rows + (row5 << 2));
    const entry6 = load<u32>(rows + (row6 << 2));
    const entry7 = load<u32>(rows + (row7 << 2));
    if (((entry0 | entry1 | entry2 | entry3 | entry4 | entry5 | entry6 | entry7) & mark) != 0) {
      at = byte - lanes;
      break;
    }
    store<u8>(byte, entry0);
    store<u8>(byte, entry1, laneBytes);
    store<u8>(byte, entry2, 2 * laneBytes);
    store<u8>(byte, entry3, 3 * laneBytes);
    store<u8>(byte, entry4, 4 * laneBytes);
    store<u8>(byte, entry5, 5 * laneBytes);
    store<u8>(byte, entry6, 6 * laneBytes);
    store<u8>(byte, entry7, 7 * laneBytes);
    row0 = entry0 >> 8;
    row1 = entry1 >> 8;
    row2 = entry2 >> 8;
    row3 = entry3 >> 8;
    row4 = entry4 >> 8;
    row5 = entry5 >> 8;
    row6 = entry6 >> 8;
    row7 = entry7 >> 8;
  }
  store<u32>(laneRow, row0);
  store<u32>(laneRow, row1, 4);
  store<u32>(laneRow, row2, 8);
  store<u32>(laneRow, row3, 12);
  store<u32>(laneRow, row4, 16);
  store<u32>(laneRow, row5, 20);
  store<u32>(laneRow, row6, 24);
  store<u32>(laneRow, row7, 28);
  return at;
}

/** The rows are no longer needed: the block takes their place. A periodic block repeats its cycle until it is full. */
function joinSegments(): void {
  let filled: u32 = 0;
  for (let segment = segmentFrom(origin); filled < blockLength; segment = load<u32>(segmentNext + (segment << 2))) {
    const begin = load<u32>(segmentBegin + (segment << 2));
    const length = min(load<u32>(segmentEnd + (segment << 2)) - begin, blockLength - filled);
    copySegment(block + filled, lanes + load<u32>(segmentLane + (segment << 2)) * laneBytes + begin, length);
    filled += length;
  }
}

/**
 * Faster than memory.copy for so few bytes. Copies up to 15 bytes too many, into the place of the next segment or the
 * margin.
 */
function copySegment(target: usize, source: usize, length: u32): void {
  for (const end = source + length; source < end; source += 16, target += 16) {
    v128.store(target, v128.load(source));
  }
}
