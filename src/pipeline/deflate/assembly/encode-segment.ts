import { alignToByte, outputBytes, resetOutput, writeBits } from './bit-writer';
import { findNextMatch } from './find-next-match';
import { clearChains, enterBefore, hashReadBytes } from './hash-chains';
import { improveMatch } from './improve-match';
import { matchDistance, matchLength, matchStart } from './match';
import { inputAt } from './memory-layout';
import { addSequence, blockIsFull, countLiterals, startBlock } from './sequences';
import { storedBytes, writeStored } from './stored-blocks';
import { resetWork } from './work';
import { writeBlock } from './write-block';

/** Deflates the first `segmentBytes` of the input with fresh state, and gives how many bytes of the output they take. */
export function encodeSegment(segmentBytes: u32, last: bool): u32 {
  resetOutput();
  resetWork();
  clearChains(segmentBytes);
  writeBlocks(segmentBytes, last);
  // Blocks are chosen one by one, and each may cost 5 bytes more than it holds. Together they must not cost more than storing all.
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
    addSequence(literalsFrom, matchStart, matchLength, matchDistance);
    literalsFrom = matchStart + matchLength;
    if (blockIsFull()) {
      writeBlock(blockBegin, literalsFrom, 0, last && literalsFrom == segmentBytes);
      blockBegin = literalsFrom;
      startBlock();
    }
    enterBefore(min(literalsFrom, searchEnd));
  }
  countLiterals(literalsFrom, segmentBytes);
  // An empty last segment has a last block all the same.
  if (blockBegin < segmentBytes || (last && segmentBytes == 0)) {
    writeBlock(blockBegin, segmentBytes, segmentBytes - literalsFrom, last);
  }
}
