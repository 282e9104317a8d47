import { codeBitsMax } from '../deflate-format';
import { nextWordAt, wordsOfLengthAt } from '../memory-layout';
import { at32, at8, countOne, put32 } from '../tables';

/**
 * Assigns each symbol its code word, as RFC 1951 derives words from their lengths alone: `word << 8 | bits`, 0 for
 * unused symbols.
 */
export function assignWords(bitsAt: usize, symbols: u32, wordsAt: usize): void {
  memory.fill(wordsOfLengthAt, 0, 4 * (codeBitsMax + 1));
  for (let symbol: u32 = 0; symbol < symbols; symbol++) countOne(wordsOfLengthAt, at8(bitsAt, symbol));
  put32(wordsOfLengthAt, 0, 0);
  let next: u32 = 0;
  for (let bits: u32 = 1; bits <= codeBitsMax; bits++) {
    next = (next + at32(wordsOfLengthAt, bits - 1)) << 1;
    put32(nextWordAt, bits, next);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const bits = at8(bitsAt, symbol);
    const word = at32(nextWordAt, bits);
    put32(wordsAt, symbol, bits == 0 ? 0 : (reversed(word, bits) << 8) | bits);
    countOne(nextWordAt, bits);
  }
}

/** Code words are written highest bit first, everything else in deflate lowest bit first. */
function reversed(word: u32, bits: u32): u32 {
  word = ((word >> 1) & 0x5555) | ((word & 0x5555) << 1);
  word = ((word >> 2) & 0x3333) | ((word & 0x3333) << 2);
  word = ((word >> 4) & 0x0f0f) | ((word & 0x0f0f) << 4);
  word = ((word >> 8) & 0x00ff) | ((word & 0x00ff) << 8);
  return word >> (16 - bits);
}
