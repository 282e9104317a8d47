// What RFC 1951 specifies, and nothing else.

/** How far back a match may reach. */
export const windowBytes: u32 = 32768;
/** Lengths of a match, in bytes. */
export const matchLengthMin: u32 = 3;
export const matchLengthMax: u32 = 258;

/** Symbols of the literal and length code: 256 literals, the end of a block, 29 length classes. */
export const literalSymbols: u32 = 286;
export const endOfBlock: u32 = 256;
export const firstLengthSymbol: u32 = 257;
export const lengthClasses: u32 = 29;
/** The fixed code has two more symbols, which never occur but take up code words. */
export const fixedLiteralSymbols: u32 = 288;
/** Symbols of the distance code. */
export const distanceSymbols: u32 = 30;
/** Symbols of the code in which the lengths of the two other codes are written. */
export const codeLengthSymbols: u32 = 19;

/** Longest code words, in bits. */
export const codeBitsMax: u32 = 15;
export const codeLengthBitsMax: u32 = 7;

/** Types of a block. */
export const storedBlock: u32 = 0;
export const fixedBlock: u32 = 1;
export const dynamicBlock: u32 = 2;
/** Bytes that one stored block can hold. */
export const storedBytesMax: u32 = 65535;

/** Returns the class of a distance, which is its symbol, given the distance less one. */
export function distanceClass(distanceLessOne: u32): u32 {
  if (distanceLessOne < 2) return distanceLessOne;
  const topBit = 31 - clz(distanceLessOne);
  return 2 * topBit + ((distanceLessOne >> (topBit - 1)) & 1);
}

/** Returns how many extra bits follow a distance symbol. */
export function distanceExtraBits(symbol: u32): u32 {
  return symbol < 2 ? 0 : (symbol >> 1) - 1;
}

/** Returns how many extra bits follow the symbol of a length class. */
export function lengthExtraBits(lengthClass: u32): u32 {
  return lengthClass < 8 || lengthClass == lengthClasses - 1 ? 0 : (lengthClass >> 2) - 1;
}

/** Returns the length, in bits, of the fixed code word of a literal, the end of a block or a length. */
export function fixedLiteralBits(symbol: u32): u32 {
  if (symbol < 144) return 8;
  if (symbol < 256) return 9;
  return symbol < 280 ? 7 : 8;
}

/** Length of each code word of the fixed distance code, in bits. */
export const fixedDistanceBits: u32 = 5;
