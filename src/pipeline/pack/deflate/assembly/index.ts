import { encodeSegment } from './encode-segment';
import { fillLengthClasses } from './length-classes';
import { setLevel } from './level';
import { workSteps } from './work';

export { inputAt, outputAt, segmentBytesMax } from './memory-layout';

/**
 * Deflates the `segmentBytes` bytes at `inputAt` and returns how many bytes are at `outputAt`. Level: 0 fast, 1
 * standard, 2 small. The last segment ends with a final block, any other with a sync flush.
 */
export function deflateSegment(segmentBytes: u32, level: u32, last: bool): u32 {
  setLevel(level);
  return encodeSegment(segmentBytes, last);
}

/** Returns the work that the last segment took, in steps; see work.ts. */
export function stepsTaken(): u32 {
  return workSteps;
}

fillLengthClasses();
