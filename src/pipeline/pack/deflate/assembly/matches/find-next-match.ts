import { equalForwards } from './compare-bytes';
import { matchLengthMax, matchLengthMin } from '../deflate-format';
import { chainEnds, distanceTo, enterHere, olderCandidate } from './hash-chains';
import { firstProbes } from '../level';
import { matchDistance, matchLength, matchStart, scoreMatch, setMatch, worthwhileScore } from './match';
import { inputAt } from '../memory-layout';
import { addWork } from '../work';

// Among bytes that do not compress, at most this many are skipped between two that are looked up. Skipping more would
// hardly be faster, and repetitive bytes that may follow would be noticed later.
const skippedPositionsMax: u32 = 31;

/**
 * Selects the first match worth writing at or after `literalsFrom`: the longest of the first few candidates at a
 * position, extended backwards into the literals before it. Returns false if there is none before `searchEnd`.
 *
 * The longer nothing has been found, the more positions are skipped, so bytes that do not compress cost little. The
 * loop is inside this function because a call for each position would take a tenth of the encoder's time.
 */
export function findNextMatch(literalsFrom: u32, segmentBytes: u32, searchEnd: u32): bool {
  let steps: u32 = 0;
  let position = literalsFrom;
  while (position < searchEnd) {
    const later = inputAt + position;
    const laterEnd = inputAt + min(segmentBytes, position + matchLengthMax);
    const firstFour = load<u32>(later);
    let length = matchLengthMin;
    let distance: u32 = 0;
    let back: u32 = 0;
    let candidate = enterHere(position);
    steps++;
    for (let probes = firstProbes; probes > 0; probes--) {
      const distanceBefore = back;
      back = distanceTo(candidate, position);
      if (chainEnds(back, distanceBefore, position)) break;
      steps++;
      const earlier = later - back;
      // A longer match agrees in its first four bytes, and in the four that end with the byte that makes it longer.
      const lastFour = length - 3;
      if (load<u32>(earlier) == firstFour && load<u32>(earlier + lastFour) == load<u32>(later + lastFour)) {
        const equal = equalForwards(earlier, later, laterEnd);
        steps += equal >> 3;
        if (equal > length) {
          length = equal;
          distance = back;
          if (later + length == laterEnd) break;
        }
      }
      candidate = olderCandidate(position - back);
    }
    if (distance != 0 && scoreMatch(length, distance) >= worthwhileScore) {
      addWork(steps);
      setMatch(position, length, distance);
      extendBackwards(literalsFrom);
      return true;
    }
    position += 1 + min((position - literalsFrom) >> 8, skippedPositionsMax);
  }
  addWork(steps);
  return false;
}

/** Usually there is nothing to gain, so this goes byte by byte. */
function extendBackwards(literalsFrom: u32): void {
  let start = matchStart;
  const startMin = max(literalsFrom, matchDistance);
  const end = start + matchLength;
  while (start > startMin && end - start < matchLengthMax) {
    const later = inputAt + start - 1;
    if (load<u8>(later) != load<u8>(later - matchDistance)) break;
    start--;
  }
  if (start != matchStart) setMatch(start, end - start, matchDistance);
}
