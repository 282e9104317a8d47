import { nodeCountsAt, nodeDepthsAt, nodeParentsAt, sortedSymbolsAt, wordsOfLengthAt } from '../memory-layout';
import { sortAscending } from './sort';
import { at16, at32, at8, countOne, put16, put32, put8 } from '../tables';

const symbolBits: u32 = 9;
const symbolMask: u32 = (1 << symbolBits) - 1;

/**
 * Builds a Huffman code: from how often each symbol occurs to the length of its code word, at most `bitsMax`, 0 for
 * symbols that do not occur. If fewer than two symbols occur, others are added, because some decoders refuse a code
 * that leaves words unused.
 */
export function buildCodeLengths(countsAt: usize, symbols: u32, bitsMax: u32, bitsAt: usize): void {
  memory.fill(bitsAt, 0, symbols);
  const used = sortUsedSymbols(countsAt, symbols);
  if (used < 2) {
    const only = used == 1 ? at32(sortedSymbolsAt, 0) & symbolMask : 0;
    put8(bitsAt, only, 1);
    put8(bitsAt, only == 0 ? 1 : 0, 1);
    return;
  }
  joinNodes(used);
  countLengths(used, bitsMax);
  shortenTo(bitsMax);
  giveLengths(bitsMax, bitsAt);
}

/** Lists the symbols that occur, the rarest first, and equally rare ones by number. */
function sortUsedSymbols(countsAt: usize, symbols: u32): u32 {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = at32(countsAt, symbol);
    // At most 2^20 and a few: 21 bits, and 9 for the symbol.
    if (count != 0) put32(sortedSymbolsAt, used++, (count << symbolBits) | symbol);
  }
  sortAscending(sortedSymbolsAt, used);
  return used;
}

/**
 * Joins the two rarest nodes until one is left. Leaves and joined nodes both come in sorted order, so two queues are
 * enough.
 */
function joinNodes(leaves: u32): void {
  for (let leaf: u32 = 0; leaf < leaves; leaf++) put32(nodeCountsAt, leaf, at32(sortedSymbolsAt, leaf) >> symbolBits);
  let nextLeaf: u32 = 0;
  let nextJoined = leaves;
  for (let node = leaves; node < 2 * leaves - 1; node++) {
    let count: u32 = 0;
    for (let child = 0; child < 2; child++) {
      const leafIsRarer =
        nextLeaf < leaves && (nextJoined >= node || at32(nodeCountsAt, nextLeaf) <= at32(nodeCountsAt, nextJoined));
      const rarest = leafIsRarer ? nextLeaf++ : nextJoined++;
      count += at32(nodeCountsAt, rarest);
      put16(nodeParentsAt, rarest, node);
    }
    put32(nodeCountsAt, node, count);
  }
}

/**
 * Counts how many leaves there are at each depth of the tree; those deeper than `bitsMax` count as being at `bitsMax`.
 */
function countLengths(leaves: u32, bitsMax: u32): void {
  memory.fill(wordsOfLengthAt, 0, 4 * (bitsMax + 1));
  const root = 2 * leaves - 2;
  put8(nodeDepthsAt, root, 0);
  for (let node: i32 = root - 1; node >= 0; node--) {
    const depth = at8(nodeDepthsAt, at16(nodeParentsAt, node)) + 1;
    put8(nodeDepthsAt, node, depth);
    if ((node as u32) < leaves) countOne(wordsOfLengthAt, min(depth, bitsMax));
  }
}

/**
 * Makes room if there are too many words of `bitsMax` bits: one of them joins a shorter word, which becomes one bit
 * longer, and the two take the room of that one. Each step gains one unit of room, so it ends exactly when the words
 * fit.
 */
function shortenTo(bitsMax: u32): void {
  let room: u32 = 0;
  for (let bits: u32 = 1; bits <= bitsMax; bits++) room += at32(wordsOfLengthAt, bits) << (bitsMax - bits);
  for (; room > (1 as u32) << bitsMax; room--) {
    let shorter = bitsMax - 1;
    while (at32(wordsOfLengthAt, shorter) == 0) shorter--;
    put32(wordsOfLengthAt, shorter, at32(wordsOfLengthAt, shorter) - 1);
    put32(wordsOfLengthAt, shorter + 1, at32(wordsOfLengthAt, shorter + 1) + 2);
    put32(wordsOfLengthAt, bitsMax, at32(wordsOfLengthAt, bitsMax) - 1);
  }
}

/** Assigns the longest words to the rarest symbols. */
function giveLengths(bitsMax: u32, bitsAt: usize): void {
  let next: u32 = 0;
  for (let bits = bitsMax; bits > 0; bits--) {
    for (let words = at32(wordsOfLengthAt, bits); words > 0; words--) {
      put8(bitsAt, at32(sortedSymbolsAt, next++) & symbolMask, bits);
    }
  }
}
