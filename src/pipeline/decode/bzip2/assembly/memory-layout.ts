/**
 * Where everything that a decoder uses lies in its memory. All sizes are fixed by the format, so nothing is ever
 * allocated: an instance has the same 11.4 MiB whatever it decodes. Each region begins where the one before it ends;
 * sizes are in bytes.
 */

/** The most bytes in a block of a level 9 stream, before its runs are expanded. */
export const blockBytesMax: u32 = 900_000;
export const blockBytesPerLevel: u32 = 100_000;
/** A symbol is run digit A, run digit B, one of the positions 1 to 255 of the move-to-front list, or end of block. */
export const symbolsMax: u32 = 258;
export const tablesMax: u32 = 6;
export const codeBitsMax: u32 = 20;
export const symbolsPerGroup: u32 = 50;
/**
 * Groups that a full block can need, for 900,000 bytes and the end of block. Writers may announce up to 32,767; the
 * rest are never used.
 */
export const selectorsMax: u32 = 18_002;

/** Below are the constants that the compiler places: the table in `derandomise.ts`. */
const start: usize = 4096;

/** Compressed bytes that are not used yet, followed by what the bit reader may look at beyond their end. */
export const input: usize = start;
export const inputBytes: u32 = 64 * 1024;
export const inputMarginBytes: u32 = 256;

/** Decoded bytes on their way out. No limit on decoded bytes is exceeded by more than this. */
export const output: usize = input + inputBytes + inputMarginBytes;
export const outputBytes: u32 = 128 * 1024;

/**
 * The rows of the inverse transform, u32 each, and one more for idle lanes. Later, in the same place, the bytes of the
 * block, with a margin into which the search for runs may look.
 */
export const rows: usize = output + outputBytes;
export const block: usize = rows;
const rowsBytes: u32 = 4 * (blockBytesMax + 16);
export const blockMarginBytes: u32 = 32;

/**
 * What each lane of the inverse transform has collected. Before that, in the same place, the runs read from the
 * symbols, u32 each.
 */
export const lanes: usize = rows + rowsBytes;
export const runs: usize = lanes;
export const laneCount: u32 = 8;
export const laneBytes: u32 = blockBytesMax + 64;

/**
 * Segments of the inverse transform, u32 each: the lane, where in it the segment begins and ends, and the segment that
 * follows.
 */
export const segmentsMax: u32 = 1024 + 1;
const segmentsBytes: u32 = 4 * (segmentsMax + 3);
export const segmentLane: usize = lanes + laneCount * laneBytes;
export const segmentBegin: usize = segmentLane + segmentsBytes;
export const segmentEnd: usize = segmentBegin + segmentsBytes;
export const segmentNext: usize = segmentEnd + segmentsBytes;
/** For each lane, u32 each: the row that it has reached, and its segment. */
export const laneRow: usize = segmentNext + segmentsBytes;
export const laneSegment: usize = laneRow + 4 * laneCount;

/** CRC of each byte value followed by 0 to 15 zero bytes, u32 each. */
export const crcTables: usize = laneSegment + 4 * laneCount;
export const crcTableBytes: u32 = 4 * 256;
export const crcTableCount: u32 = 16;

/** Symbols by the next 10 bits of input, u16 each; see `huffman-tables.ts`. */
export const quickBits: u32 = 10;
export const quickTables: usize = crcTables + crcTableCount * crcTableBytes;
export const quickTableBytes: u32 = 2 << quickBits;
/**
 * For each table and code length, u32 each: the end of its codes, shifted to 20 bits, and what turns a code into its
 * place in the order.
 */
export const lengthsBytes: u32 = 4 * 32;
export const codeEnds: usize = quickTables + tablesMax * quickTableBytes;
export const codeOffsets: usize = codeEnds + tablesMax * lengthsBytes;
/** For each table, u16 each: the symbols in the order of their codes. */
export const orderedSymbols: usize = codeOffsets + tablesMax * lengthsBytes;
export const orderedSymbolsBytes: u32 = 2 * (symbolsMax + 6);
/**
 * While a table is read: the code length of each symbol, u8; how many symbols have each length, and where in the order
 * they go, u32.
 */
export const codeLengths: usize = orderedSymbols + tablesMax * orderedSymbolsBytes;
export const lengthCounts: usize = codeLengths + symbolsMax + 6;
export const lengthPlaces: usize = lengthCounts + lengthsBytes;

/** The table of each group of symbols, u8. */
export const selectors: usize = lengthPlaces + lengthsBytes;
export const selectorOrder: usize = selectors + selectorsMax + 6;

/**
 * Byte values in use, u8, and their move-to-front list, with a margin because its front is moved by 16 bytes at once.
 */
export const usedValues: usize = selectorOrder + 16;
export const moveToFront: usize = usedValues + 256 + 32;
/** For each of the first 16 places of the list, 16 bytes that bring it to the front. */
export const frontShuffles: usize = moveToFront + 256 + 32;
/** How often each byte value occurs in the block, and then where its next row is, u32 each. */
export const valueRows: usize = frontShuffles + 16 * 16;

const end: usize = valueRows + 4 * 256;
export const memoryPages: i32 = <i32>((end + 0xffff) >> 16);
