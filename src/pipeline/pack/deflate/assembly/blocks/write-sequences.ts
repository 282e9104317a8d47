import { nextByteAt, pendingBits, pendingCount, resumeAt } from './bit-writer';
import { distanceClass, distanceExtraBits, endOfBlock } from '../deflate-format';
import { distanceWordsAt, lengthWordsAt, literalWordsAt } from '../memory-layout';
import { distanceLessOneOf, lengthOf, literalRun, packedMatch, sequenceCount } from '../sequences';
import { at32 } from '../tables';

/**
 * Writes the block's sequences, its last literals and its end in the codes just assigned. The bit writer's state is
 * kept in locals meanwhile, and bytes are stored once for every three literals or whole match: 7 + 3 x 15 and 7 + 15 +
 * 5 + 15 + 13 bits fit in 64.
 */
export function writeSequences(blockAt: usize, lastLiterals: u32): void {
  let input = blockAt;
  let output = nextByteAt;
  let bits = pendingBits;
  let count: u64 = pendingCount;
  let entry: u64 = 0;
  for (let sequence: u32 = 0; sequence <= sequenceCount; sequence++) {
    let literals = sequence < sequenceCount ? literalRun(sequence) : lastLiterals;
    for (; literals >= 3; literals -= 3) {
      entry = at32(literalWordsAt, load<u8>(input));
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      entry = at32(literalWordsAt, load<u8>(input, 1));
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      entry = at32(literalWordsAt, load<u8>(input, 2));
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      store<u64>(output, bits);
      output += (count >> 3) as usize;
      bits >>= count & 56;
      count &= 7;
      input += 3;
    }
    for (; literals > 0; literals--) {
      entry = at32(literalWordsAt, load<u8>(input));
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      input++;
    }
    if (sequence < sequenceCount) {
      const match = packedMatch(sequence);
      entry = at32(lengthWordsAt, lengthOf(match));
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      store<u64>(output, bits);
      output += (count >> 3) as usize;
      bits >>= count & 56;
      count &= 7;
      const distanceLessOne = distanceLessOneOf(match);
      const symbol = distanceClass(distanceLessOne);
      const extraBits = distanceExtraBits(symbol);
      entry = at32(distanceWordsAt, symbol);
      bits |= (entry >> 8) << count;
      count += entry & 0xff;
      bits |= ((distanceLessOne & (((1 as u32) << extraBits) - 1)) as u64) << count;
      count += extraBits;
      input += lengthOf(match);
    }
    store<u64>(output, bits);
    output += (count >> 3) as usize;
    bits >>= count & 56;
    count &= 7;
  }
  entry = at32(literalWordsAt, endOfBlock);
  bits |= (entry >> 8) << count;
  count += entry & 0xff;
  store<u64>(output, bits);
  resumeAt(output + ((count >> 3) as usize), bits >> (count & 56), (count & 7) as u32);
}
