import { equalBackwards, equalForwards } from './compare-bytes';
import { matchLengthMax } from '../deflate-format';
import { chainEnds, distanceTo, enterThrough, olderCandidate } from './hash-chains';
import { goodEnoughLength, roundProbes } from '../level';
import { matchDistance, matchLength, matchScore, matchStart, scoreMatch, setMatch } from './match';
import { inputAt } from '../memory-layout';
import { addWork } from '../work';

// Of the 6 bytes looked up around a match's end, this many lie inside it; the others are the first two after it.
const bytesInside: u32 = 4;
// A better match may begin this many bytes later than the selected one; what it skips becomes literals.
const skippedLiteralsMax: u32 = 3;
// What a skipped literal costs a match, in the half bits of its score.
const skippedLiteralCost: u32 = 2;

/**
 * Replaces the selected match by better ones as long as there are any. `searchEnd` is the first position that is no
 * longer entered.
 *
 * The usual way is to follow the chain of the match's first position and those of the next positions, hoping for a
 * match that reaches further. But any match that ends at least two bytes later, wherever it begins, contains the bytes
 * on both sides of the end of the selected one: the last few that fit and the first that do not. So this looks up the
 * chain of those bytes. In a log they hold the end of a common phrase and the beginning of a value, so the chain is
 * short and its first one or two candidates are nearly always the best. Each is extended in both directions, and
 * selected if it reaches back to the current match and is worth more; then the same is done around its end.
 *
 * The work is bounded: each round but the last moves the end forward, and compares at most 258 + 128 bytes for each
 * candidate.
 */
export function improveMatch(segmentBytes: u32, searchEnd: u32): void {
  while (matchLength < goodEnoughLength && matchStart + matchLength < searchEnd) {
    if (!improveOnce(segmentBytes)) return;
  }
}

function improveOnce(segmentBytes: u32): bool {
  const start = matchStart;
  const end = start + matchLength;
  const probe = max(end - bytesInside, start + 1);
  const inside = end - probe;
  const later = inputAt + probe;
  const laterEnd = inputAt + min(segmentBytes, start + matchLengthMax);
  const eightBytes = load<u64>(later);
  let bestScore = matchScore;
  let bestStart: u32 = 0;
  let bestEnd: u32 = 0;
  let bestDistance: u32 = 0;
  let back: u32 = 0;
  let steps: u32 = 1;
  let candidate = enterThrough(probe);
  for (let probes = roundProbes; probes > 0; probes--) {
    const distanceBefore = back;
    back = distanceTo(candidate, probe);
    if (chainEnds(back, distanceBefore, probe)) break;
    steps++;
    const earlier = later - back;
    const difference = load<u64>(earlier) ^ eightBytes;
    const equal = equalFromFiveOn(difference, earlier, later, laterEnd);
    if (equal > inside) {
      const reach = equalBackwards(earlier, later, min(probe - start, probe - back));
      steps += (equal + reach) >> 3;
      const skipped = probe - reach - start;
      if (skipped <= skippedLiteralsMax) {
        const score = scoreMatch(reach + equal, back) - ((skipped * skippedLiteralCost) as i32);
        if (score > bestScore) {
          bestScore = score;
          bestStart = probe - reach;
          bestEnd = probe + equal;
          bestDistance = back;
        }
      }
    }
    candidate = olderCandidate(probe - back);
  }
  addWork(steps);
  if (bestDistance == 0) return false;
  setMatch(bestStart, bestEnd - bestStart, bestDistance);
  return true;
}

/**
 * Returns how many bytes of a candidate are equal, or 0 if fewer than five are: too few to reach beyond the end. The
 * first eight need no check against `laterEnd`: a match shorter than 128 bytes that ends before the last 8 bytes leaves
 * room for them.
 */
function equalFromFiveOn(difference: u64, earlier: usize, later: usize, laterEnd: usize): u32 {
  if (difference << 24 != 0) return 0;
  return difference == 0 ? equalForwards(earlier, later, laterEnd) : ((ctz(difference) >> 3) as u32);
}
