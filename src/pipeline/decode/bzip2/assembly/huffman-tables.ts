/**
 * Reads the Huffman tables of a block.
 *
 * Codes are canonical: ordered by length and then by symbol, they fill the space of codes from zero up. As in libbz2, a
 * table may leave part of the space unused (a code there is damage), or have more codes than fit (the last ones can
 * never occur).
 */
import { tableCount, usedCount } from './block-header';
import { ready, take } from './input-bits';
import {
  codeBitsMax,
  codeEnds,
  codeLengths,
  codeOffsets,
  lengthCounts,
  lengthPlaces,
  lengthsBytes,
  orderedSymbols,
  orderedSymbolsBytes,
  quickBits,
  quickTableBytes,
  quickTables,
} from './memory-layout';
import { codeLengthWrong, done, needsInput } from './status';

let table: u32 = 0;
let symbol: u32 = 0;
let length: u32 = 0;
let begun: bool = false;

export function startTables(): void {
  table = 0;
  begun = false;
}

/**
 * Each table begins with a length of 5 bits, which changes by one, up or down, any number of times before each symbol.
 */
export function readTables(): i32 {
  const symbolCount = usedCount + 2;
  for (; table < tableCount; table++) {
    if (!begun) {
      if (!ready(5)) return needsInput;
      length = take(5);
      symbol = 0;
      begun = true;
    }
    for (; symbol < symbolCount; symbol++) {
      const status = readLength();
      if (status != done) return status;
      store<u8>(codeLengths + symbol, length);
    }
    begun = false;
    makeTable(symbolCount);
  }
  return done;
}

/** Bits 10 make the length longer, 11 make it shorter, and 0 ends. */
function readLength(): i32 {
  while (true) {
    if (length < 1 || length > codeBitsMax) return codeLengthWrong;
    if (!ready(2)) return needsInput;
    if (take(1) == 0) return done;
    length += take(1) == 0 ? 1 : -1;
  }
}

function makeTable(symbolCount: u32): void {
  memory.fill(lengthCounts, 0, lengthsBytes);
  for (let at: u32 = 0; at < symbolCount; at++) {
    const count = lengthCounts + ((<u32>load<u8>(codeLengths + at)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  placeCodes();
  orderSymbols(symbolCount);
  makeQuickTable();
}

/** Notes for each length where its codes end, and how a code differs from its place in the order of all codes. */
function placeCodes(): void {
  let code: u32 = 0;
  let place: u32 = 0;
  for (let bits: u32 = 1; bits <= codeBitsMax; bits++) {
    const at = table * lengthsBytes + (bits << 2);
    const count = load<u32>(lengthCounts + (bits << 2));
    store<u32>(codeOffsets + at, place - code);
    store<u32>(lengthPlaces + (bits << 2), place);
    code += count;
    place += count;
    store<u32>(codeEnds + at, code << (codeBitsMax - bits));
    code <<= 1;
  }
}

function orderSymbols(symbolCount: u32): void {
  const ordered = orderedSymbols + table * orderedSymbolsBytes;
  for (let at: u32 = 0; at < symbolCount; at++) {
    const place = lengthPlaces + ((<u32>load<u8>(codeLengths + at)) << 2);
    store<u16>(ordered + (load<u32>(place) << 1), at);
    store<u32>(place, load<u32>(place) + 1);
  }
}

/**
 * For the next 10 bits of input: the symbol they begin with, times 32, plus the length of its code; zero if the code is
 * longer.
 */
function makeQuickTable(): void {
  let symbols = orderedSymbols + table * orderedSymbolsBytes;
  let entry = quickTables + table * quickTableBytes;
  const end = entry + quickTableBytes;
  for (let bits: u32 = 1; bits <= quickBits; bits++) {
    const span: u32 = 2 << (quickBits - bits);
    for (let count = load<u32>(lengthCounts + (bits << 2)); count > 0 && entry < end; count--) {
      const value = ((<u32>load<u16>(symbols)) << 5) | bits;
      symbols += 2;
      for (const spanEnd = entry + span; entry < spanEnd; entry += 2) store<u16>(entry, value);
    }
  }
  memory.fill(entry, 0, end - entry);
}

/**
 * Finds the code that the next 20 bits of input begin with, for codes too long for the quick table. Returns its symbol
 * times 32, plus its length, or zero if there is no such code.
 */
export function findLongCode(ofTable: u32, next20: u32): u32 {
  for (let bits = quickBits + 1; bits <= codeBitsMax; bits++) {
    const at = ofTable * lengthsBytes + (bits << 2);
    if (next20 < load<u32>(codeEnds + at)) {
      const place = (next20 >> (codeBitsMax - bits)) + load<u32>(codeOffsets + at);
      return ((<u32>load<u16>(orderedSymbols + ofTable * orderedSymbolsBytes + (place << 1))) << 5) | bits;
    }
  }
  return 0;
}
