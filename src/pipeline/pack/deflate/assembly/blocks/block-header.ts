import { writeBits } from './bit-writer';
import { buildCodeLengths } from './code-lengths';
import { assignWords } from './code-words';
import {
  codeLengthBitsMax,
  codeLengthSymbols,
  distanceSymbols,
  firstLengthSymbol,
  literalSymbols,
} from '../deflate-format';
import {
  codeLengthBitsAt,
  codeLengthCountsAt,
  codeLengthWordsAt,
  distanceBitsAt,
  headerExtrasAt,
  headerLengthsAt,
  headerSymbolsAt,
  literalBitsAt,
} from '../memory-layout';
import { at32, at8, countOne, put8 } from '../tables';

// The header of a block with codes of its own: the lengths of all code words, with runs of equal lengths shortened, in
// a third code.

const repeatPrevious: u32 = 16; // 3 to 6 times, 2 extra bits
const repeatZeros: u32 = 17; // 3 to 10 times, 3 extra bits
const repeatManyZeros: u32 = 18; // 11 to 138 times, 7 extra bits

let literalsSent: u32 = 0;
let distancesSent: u32 = 0;
let codeLengthsSent: u32 = 0;
let steps: u32 = 0;

/** Plans the header for the code lengths just built, and returns its size in bits. */
export function planHeader(): u32 {
  literalsSent = withoutUnusedEnd(literalBitsAt, literalSymbols, firstLengthSymbol);
  distancesSent = withoutUnusedEnd(distanceBitsAt, distanceSymbols, 1);
  memory.copy(headerLengthsAt, literalBitsAt, literalsSent);
  memory.copy(headerLengthsAt + literalsSent, distanceBitsAt, distancesSent);
  planSteps(literalsSent + distancesSent);
  buildCodeLengths(codeLengthCountsAt, codeLengthSymbols, codeLengthBitsMax, codeLengthBitsAt);
  codeLengthsSent = codeLengthSymbols;
  while (codeLengthsSent > 4 && at8(codeLengthBitsAt, symbolInOrder(codeLengthsSent - 1)) == 0) codeLengthsSent--;
  return headerBits();
}

/** Writes the header planned last. */
export function writeHeader(): void {
  writeBits(literalsSent - firstLengthSymbol, 5);
  writeBits(distancesSent - 1, 5);
  writeBits(codeLengthsSent - 4, 4);
  for (let k: u32 = 0; k < codeLengthsSent; k++) writeBits(at8(codeLengthBitsAt, symbolInOrder(k)), 3);
  assignWords(codeLengthBitsAt, codeLengthSymbols, codeLengthWordsAt);
  for (let step: u32 = 0; step < steps; step++) {
    const symbol = at8(headerSymbolsAt, step);
    const entry = at32(codeLengthWordsAt, symbol);
    writeBits(entry >> 8, entry & 0xff);
    writeBits(at8(headerExtrasAt, step), extraBits(symbol));
  }
}

function withoutUnusedEnd(bitsAt: usize, symbols: u32, symbolsMin: u32): u32 {
  while (symbols > symbolsMin && at8(bitsAt, symbols - 1) == 0) symbols--;
  return symbols;
}

/** The lengths of both codes form one list: a run may begin in one code and end in the other. */
function planSteps(lengths: u32): void {
  steps = 0;
  memory.fill(codeLengthCountsAt, 0, 4 * codeLengthSymbols);
  for (let begin: u32 = 0; begin < lengths;) {
    const bits = at8(headerLengthsAt, begin);
    let end = begin + 1;
    while (end < lengths && at8(headerLengthsAt, end) == bits) end++;
    if (bits == 0) planZeros(end - begin);
    else planRun(bits, end - begin);
    begin = end;
  }
}

function planZeros(run: u32): void {
  for (; run >= 11; run -= min(run, 138)) planStep(repeatManyZeros, min(run, 138) - 11);
  if (run >= 3) planStep(repeatZeros, run - 3);
  else for (; run > 0; run--) planStep(0, 0);
}

function planRun(bits: u32, run: u32): void {
  planStep(bits, 0);
  for (run--; run >= 3; run -= min(run, 6)) planStep(repeatPrevious, min(run, 6) - 3);
  for (; run > 0; run--) planStep(bits, 0);
}

function planStep(symbol: u32, extra: u32): void {
  put8(headerSymbolsAt, steps, symbol);
  put8(headerExtrasAt, steps, extra);
  countOne(codeLengthCountsAt, symbol);
  steps++;
}

function headerBits(): u32 {
  let bits = 5 + 5 + 4 + 3 * codeLengthsSent;
  for (let symbol: u32 = 0; symbol < codeLengthSymbols; symbol++) {
    bits += at32(codeLengthCountsAt, symbol) * (at8(codeLengthBitsAt, symbol) + extraBits(symbol));
  }
  return bits;
}

function extraBits(symbol: u32): u32 {
  if (symbol < repeatPrevious) return 0;
  if (symbol == repeatPrevious) return 2;
  return symbol == repeatZeros ? 3 : 7;
}

/** The order in which RFC 1951 sends the lengths of the third code: 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15. */
function symbolInOrder(index: u32): u32 {
  if (index < 3) return repeatPrevious + index;
  if (index == 3) return 0;
  return index & 1 ? 8 - ((index - 3) >> 1) : 8 + ((index - 4) >> 1);
}
