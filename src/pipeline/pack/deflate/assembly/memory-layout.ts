import { codeBitsMax, codeLengthSymbols, distanceSymbols, fixedLiteralSymbols, matchLengthMax } from './deflate-format';

// All of the memory, in one place. Everything has a fixed place from the start: nothing is allocated, nothing grows,
// and an instance takes the same 2.3 MiB for an empty segment as for a full one. `memory.data` reserves bytes and gives
// their address.

/** The most raw bytes in a segment. */
export const segmentBytesMax: u32 = 1 << 20;
/** The most sequences (literals, then a match) in a block. Half or twice as many change sizes by 0.1 %. */
export const blockSequencesMax: u32 = 8192;
/** Entries of the hash table: as many as 16 bits can tell apart. */
export const hashBits: u32 = 16;

// Reads of 8 bytes may begin at the last byte of a table or of the segment, and the bit writer stores 8 bytes at a
// time.
const slackBytes: i32 = 64;
// A segment whose blocks come out larger than stored bytes is then stored instead. Until then its output may exceed
// that by 5 bytes a block and 65,535 stored bytes. There are at most 32 full blocks (4 bytes and more x 8192
// sequences), 64 of literals alone (16 KiB each) and as many between those.
const outputOverrunBytes: i32 = 4096;

/** The raw bytes of the segment. */
export const inputAt: usize = memory.data(segmentBytesMax + slackBytes, 16);
/** The deflated bytes. */
export const outputAt: usize = memory.data(segmentBytesMax + outputOverrunBytes + slackBytes, 16);

/** u16 per hash: the last position with this hash, modulo 65,536. */
export const headsAt: usize = memory.data(2 << hashBits, 16);
/** u16 per position modulo the window: the position with the same hash before it, modulo 65,536. */
export const linksAt: usize = memory.data(2 * 32768, 16);

/** u32 per sequence of the block: its literals. */
export const literalRunsAt: usize = memory.data(4 * blockSequencesMax, 16);
/** u32 per sequence of the block: its match, as (distance - 1) << 16 | length. */
export const matchesAt: usize = memory.data(4 * blockSequencesMax, 16);

/** u32 per symbol: how often it occurs in the block. */
export const literalCountsAt: usize = memory.data(4 * fixedLiteralSymbols, 16);
export const distanceCountsAt: usize = memory.data(4 * distanceSymbols, 16);
export const codeLengthCountsAt: usize = memory.data(4 * codeLengthSymbols, 16);

/** u8 per symbol: the length of its code word in bits, 0 if it does not occur. */
export const literalBitsAt: usize = memory.data(fixedLiteralSymbols, 16);
export const distanceBitsAt: usize = memory.data(distanceSymbols, 16);
export const codeLengthBitsAt: usize = memory.data(codeLengthSymbols, 16);

/** u32 per symbol: its code word, as word << 8 | bits, the word's bits in the order in which they are written. */
export const literalWordsAt: usize = memory.data(4 * fixedLiteralSymbols, 16);
export const distanceWordsAt: usize = memory.data(4 * distanceSymbols, 16);
export const codeLengthWordsAt: usize = memory.data(4 * codeLengthSymbols, 16);
/** u32 per length of a match: code word and extra bits together, as word << 8 | bits. */
export const lengthWordsAt: usize = memory.data(4 * (matchLengthMax + 1), 16);

/** u8 per length of a match: its class. u16 per class: its shortest length. Filled once. */
export const lengthClassesAt: usize = memory.data(matchLengthMax + 1, 16);
export const lengthBasesAt: usize = memory.data(2 * 32, 16);

/** u8 each: the lengths of both codes as written in a block's header (symbol and extra bits of each step). */
export const headerLengthsAt: usize = memory.data(fixedLiteralSymbols + distanceSymbols, 16);
export const headerSymbolsAt: usize = memory.data(fixedLiteralSymbols + distanceSymbols, 16);
export const headerExtrasAt: usize = memory.data(fixedLiteralSymbols + distanceSymbols, 16);

/**
 * Used while a code is built: u32 count << 9 | symbol, sorted; then the nodes of the tree, twice as many as symbols.
 */
export const sortedSymbolsAt: usize = memory.data(4 * fixedLiteralSymbols, 16);
export const nodeCountsAt: usize = memory.data(4 * 2 * fixedLiteralSymbols, 16);
export const nodeParentsAt: usize = memory.data(2 * 2 * fixedLiteralSymbols, 16);
export const nodeDepthsAt: usize = memory.data(2 * fixedLiteralSymbols, 16);
/** u32 per length of a code word: how many have it; and the next code word of this length. */
export const wordsOfLengthAt: usize = memory.data(4 * (codeBitsMax + 1), 16);
export const nextWordAt: usize = memory.data(4 * (codeBitsMax + 1), 16);
