import { writeBits } from './bit-writer';
import { planHeader, writeHeader } from './block-header';
import { buildCodeLengths } from './code-lengths';
import { assignWords } from './code-words';
import {
  codeBitsMax,
  distanceExtraBits,
  distanceSymbols,
  dynamicBlock,
  endOfBlock,
  firstLengthSymbol,
  fixedBlock,
  fixedDistanceBits,
  fixedLiteralBits,
  fixedLiteralSymbols,
  lengthExtraBits,
  literalSymbols,
  matchLengthMax,
  matchLengthMin,
} from '../deflate-format';
import {
  distanceBitsAt,
  distanceCountsAt,
  distanceWordsAt,
  inputAt,
  lengthBasesAt,
  lengthClassesAt,
  lengthWordsAt,
  literalBitsAt,
  literalCountsAt,
  literalWordsAt,
} from '../memory-layout';
import { storedBytes, writeStored } from './stored-blocks';
import { at16, at32, at8, countOne, put32, put8 } from '../tables';
import { writeSequences } from './write-sequences';

/**
 * Writes the block collected, which is the input from `begin` to `end`, as the type of block that takes the fewest
 * bits.
 */
export function writeBlock(begin: u32, end: u32, lastLiterals: u32, final: bool): void {
  countOne(literalCountsAt, endOfBlock);
  buildCodeLengths(literalCountsAt, literalSymbols, codeBitsMax, literalBitsAt);
  buildCodeLengths(distanceCountsAt, distanceSymbols, codeBitsMax, distanceBitsAt);
  const ownBits = planHeader() + ownCodeBits();
  const fixedBits = fixedCodeBits();
  if (8 * storedBytes(end - begin) <= 3 + extraBitsOfBlock() + min(ownBits, fixedBits)) {
    writeStored(inputAt + begin, end - begin, final);
    return;
  }
  writeBits(final ? 1 : 0, 1);
  if (fixedBits < ownBits) {
    writeBits(fixedBlock, 2);
    setFixedLengths();
  } else {
    writeBits(dynamicBlock, 2);
    writeHeader();
  }
  assignWords(literalBitsAt, fixedBits < ownBits ? fixedLiteralSymbols : literalSymbols, literalWordsAt);
  assignWords(distanceBitsAt, distanceSymbols, distanceWordsAt);
  fillLengthWords();
  writeSequences(inputAt + begin, lastLiterals);
}

function ownCodeBits(): u32 {
  let bits: u32 = 0;
  for (let symbol: u32 = 0; symbol < literalSymbols; symbol++) {
    bits += at32(literalCountsAt, symbol) * at8(literalBitsAt, symbol);
  }
  for (let symbol: u32 = 0; symbol < distanceSymbols; symbol++) {
    bits += at32(distanceCountsAt, symbol) * at8(distanceBitsAt, symbol);
  }
  return bits;
}

function fixedCodeBits(): u32 {
  let bits: u32 = 0;
  for (let symbol: u32 = 0; symbol < literalSymbols; symbol++) {
    bits += at32(literalCountsAt, symbol) * fixedLiteralBits(symbol);
  }
  for (let symbol: u32 = 0; symbol < distanceSymbols; symbol++) {
    bits += at32(distanceCountsAt, symbol) * fixedDistanceBits;
  }
  return bits;
}

/** The extra bits are the same in either code. */
function extraBitsOfBlock(): u32 {
  let bits: u32 = 0;
  for (let symbol = firstLengthSymbol; symbol < literalSymbols; symbol++) {
    bits += at32(literalCountsAt, symbol) * lengthExtraBits(symbol - firstLengthSymbol);
  }
  for (let symbol: u32 = 0; symbol < distanceSymbols; symbol++) {
    bits += at32(distanceCountsAt, symbol) * distanceExtraBits(symbol);
  }
  return bits;
}

function setFixedLengths(): void {
  for (let symbol: u32 = 0; symbol < fixedLiteralSymbols; symbol++) {
    put8(literalBitsAt, symbol, fixedLiteralBits(symbol));
  }
  memory.fill(distanceBitsAt, fixedDistanceBits as u8, distanceSymbols);
}

/** Joins each length's code word with its extra bits, so that writing both is one step. */
function fillLengthWords(): void {
  for (let length = matchLengthMin; length <= matchLengthMax; length++) {
    const lengthClass = at8(lengthClassesAt, length);
    const entry = at32(literalWordsAt, firstLengthSymbol + lengthClass);
    const bits = entry & 0xff;
    const extra = length - at16(lengthBasesAt, lengthClass);
    const word = (entry >> 8) | (extra << bits);
    put32(lengthWordsAt, length, (word << 8) | (bits + lengthExtraBits(lengthClass)));
  }
}
