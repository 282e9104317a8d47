import { alignToByte, outputBytes, resetOutput, writeBits } from './blocks/bit-writer';
import { findNextMatch } from './matches/find-next-match';
import { clearChains, enterBefore, hashReadBytes } from './matches/hash-chains';
import { improveMatch } from './matches/improve-match';
import { matchDistance, matchLength, matchStart } from './matches/match';
import { inputAt } from './memory-layout';
import { addSequence, blockIsFull, countLiterals, startBlock } from './sequences';
import { storedBytes, writeStored } from './blocks/stored-blocks';
import { resetWork } from './work';
import { writeBlock } from './blocks/write-block';

// This many literals without a match form a block of their own: they differ from what surrounds them, and are often
// best stored.
const ownBlockLiterals: u32 = 16384;

/** Deflates the first `segmentBytes` of the input with fresh state, and returns how many bytes of output they take. */
export function encodeSegment(segmentBytes: u32, last: bool): u32 {
  resetOutput();
  resetWork();
  clearChains();
  writeBlocks(segmentBytes, last);
  // Blocks are chosen one by one, and each may cost 5 bytes more than it holds. Together they must not cost more than
  // storing everything.
  if (outputBytes() > storedBytes(segmentBytes)) {
    resetOutput();
    writeStored(inputAt, segmentBytes, last);
  }
  if (last) alignToByte();
  else writeStored(inputAt, 0, false); // an empty stored block: a sync flush
  return outputBytes();
}

function writeBlocks(segmentBytes: u32, last: bool): void {
  const searchEnd = segmentBytes > hashReadBytes ? segmentBytes - hashReadBytes : 0;
  let blockBegin: u32 = 0;
  let literalsFrom: u32 = 0;
  startBlock();
  while (findNextMatch(literalsFrom, segmentBytes, searchEnd)) {
    improveMatch(segmentBytes, searchEnd);
    if (matchStart - literalsFrom >= ownBlockLiterals) {
      endBlock(blockBegin, literalsFrom, literalsFrom, false);
      endBlock(literalsFrom, literalsFrom, matchStart, false);
      blockBegin = matchStart;
      literalsFrom = matchStart;
    }
    addSequence(literalsFrom, matchStart, matchLength, matchDistance);
    literalsFrom = matchStart + matchLength;
    if (blockIsFull()) {
      endBlock(blockBegin, literalsFrom, literalsFrom, last && literalsFrom == segmentBytes);
      blockBegin = literalsFrom;
    }
    enterBefore(min(literalsFrom, searchEnd));
  }
  if (segmentBytes - literalsFrom >= ownBlockLiterals) {
    endBlock(blockBegin, literalsFrom, literalsFrom, false);
    blockBegin = literalsFrom;
  }
  endBlock(blockBegin, literalsFrom, segmentBytes, last);
}

/** Writes the sequences collected since `begin`, and the literals from `literalsFrom` to `end`, as a block. */
function endBlock(begin: u32, literalsFrom: u32, end: u32, final: bool): void {
  // No bytes need no block, except in an empty last segment.
  if (begin == end && !(final && end == 0)) return;
  countLiterals(literalsFrom, end);
  writeBlock(begin, end, end - literalsFrom, final);
  startBlock();
}
