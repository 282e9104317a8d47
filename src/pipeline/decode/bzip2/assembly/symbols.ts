/**
 * Reads the symbols of a block and undoes its move-to-front and zero-run coding.
 *
 * The result is a list of runs at `runs`: a byte value in the low 8 bits, and above it how often it is repeated.
 * Keeping runs instead of bytes makes the next phase fast where a block has long ones. Meanwhile, `valueRows` counts
 * how often each value occurs.
 */
import { origin, selectorCount, usedCount } from './block-header';
import { findLongCode } from './huffman-tables';
import {
  availableBits,
  bitWindow,
  bitsHeld,
  inputEnd,
  loadBigEndian,
  nextByte,
  releaseBits,
  resumeBits,
} from './input-bits';
import {
  blockBytesPerLevel,
  codeBitsMax,
  frontShuffles,
  moveToFront,
  quickBits,
  quickTableBytes,
  quickTables,
  runs,
  selectors,
  symbolsPerGroup,
  usedValues,
  valueRows,
} from './memory-layout';
import { blockTooLong, codeUnknown, done, needsInput, originWrong, selectorsUsedUp, truncated } from './status';

/** The end of the list of runs. */
export let runsEnd: usize = runs;
/** Bytes in all runs. */
export let blockLength: u32 = 0;

// The run that is being read: its byte value, its length so far, and how many digits of its length have been read.
let value: u32 = 0;
let length: u32 = 0;
let digits: u32 = 0;
let group: u32 = 0;

// The first 16 places of the move-to-front list are held in one register, the others lie in memory.
const frontPlaces: u32 = 16;
// A group has at most 125 bytes, and the reader loads 8 at once.
const groupBytesMax: i32 = 160;
// 2^20 is more than any block has bytes.
const digitsMax: u32 = 20;

/**
 * Makes the table that moves one of the first 16 places to the front: that place first, then those before it, then
 * those after it.
 */
export function makeFrontShuffles(): void {
  for (let place: u32 = 0; place < frontPlaces; place++) {
    for (let at: u32 = 0; at < frontPlaces; at++) {
      store<u8>(frontShuffles + (place << 4) + at, at == 0 ? place : at <= place ? at - 1 : at);
    }
  }
}

export function startSymbols(): void {
  memory.fill(valueRows, 0, 4 * 256);
  memory.copy(moveToFront, usedValues, 256);
  runsEnd = runs;
  blockLength = 0;
  value = load<u8>(moveToFront);
  length = 0;
  digits = 0;
  group = 0;
}

/** Reads groups as long as a whole one is certain to be there; `last` says that no more input will come. */
export function readSymbols(level: u32, last: bool): i32 {
  const lengthMax = level * blockBytesPerLevel;
  const endOfBlock = usedCount + 1;
  // Everything that changes with each symbol is held in local variables: this loop takes a third of the time of all
  // decoding.
  let window = bitWindow();
  let held = bitsHeld();
  let next = nextByte();
  let front = v128.load(moveToFront);
  let end = runsEnd;
  let total = blockLength;
  let runValue = value;
  let runLength = length;
  let runDigits = digits;
  let status = done;
  let reading = true;

  while (reading) {
    if (group >= selectorCount) {
      status = selectorsUsedUp;
      break;
    }
    const leftBytes = <i32>(inputEnd() - next);
    if (leftBytes + (held >> 3) < groupBytesMax && (!last || leftBytes * 8 + held <= 0)) {
      status = needsInput;
      break;
    }
    const table = <u32>load<u8>(selectors + group);
    const quickTable = quickTables + table * quickTableBytes;
    for (let count: u32 = 0; count < symbolsPerGroup; count++) {
      // 56 bits last for two symbols of up to 20.
      if ((count & 1) == 0) {
        window |= loadBigEndian(next) >> (<u64>held);
        next += <usize>((63 - held) >> 3);
        held |= 56;
      }
      let code = <u32>load<u16>(quickTable + ((<usize>(window >> (64 - quickBits))) << 1));
      if (code == 0) {
        code = findLongCode(table, <u32>(window >> (64 - codeBitsMax)));
        if (code == 0) {
          status = codeUnknown;
          reading = false;
          break;
        }
      }
      const bits = code & 31;
      const symbol = code >> 5;
      window <<= <u64>bits;
      held -= bits;

      if (symbol < 2) {
        // A digit of the length of a run of the front value: 1 or 2, times 2 to the power of its place.
        runLength += (symbol + 1) << runDigits;
        if (++runDigits > digitsMax) {
          status = blockTooLong;
          reading = false;
          break;
        }
        continue;
      }

      // Anything else ends the run.
      total += runLength;
      if (total > lengthMax) {
        status = blockTooLong;
        reading = false;
        break;
      }
      store<u32>(end, (runLength << 8) | runValue);
      end += 4;
      const counter = valueRows + (runValue << 2);
      store<u32>(counter, load<u32>(counter) + runLength);
      if (symbol == endOfBlock) {
        reading = false;
        break;
      }
      const place = symbol - 1;
      if (place < frontPlaces) {
        front = i8x16.swizzle(front, v128.load(frontShuffles + (place << 4)));
        runValue = <u32>i8x16.extract_lane_u(front, 0);
      } else {
        runValue = <u32>load<u8>(moveToFront + place);
        // Faster than memory.copy for so few bytes. What it writes below the 16th place is not used: that is in the
        // register.
        for (let at = moveToFront + place; at > moveToFront + frontPlaces; at -= 16) {
          v128.store(at - 15, v128.load(at - 16));
        }
        store<u8>(moveToFront + frontPlaces, i8x16.extract_lane_u(front, 15));
        front = i8x16.replace_lane(i8x16.swizzle(front, v128.load(frontShuffles + (15 << 4))), 0, <u8>runValue);
      }
      runLength = 1;
      runDigits = 0;
    }
    group++;
  }

  resumeBits(window, held, next);
  v128.store(moveToFront, front);
  runsEnd = end;
  blockLength = total;
  value = runValue;
  length = runLength;
  digits = runDigits;
  return judge(status);
}

/** If symbols were read from beyond the end of the input, nothing counts but that the input has ended. */
function judge(status: i32): i32 {
  if (status == needsInput) {
    releaseBits();
    return needsInput;
  }
  // An unknown code was not taken; if fewer than 20 bits were left, its end may be missing.
  const left = availableBits();
  if (left < 0 || (status == codeUnknown && left < <i32>codeBitsMax)) return truncated;
  if (status != done) return status;
  return origin < blockLength ? done : originWrong;
}
