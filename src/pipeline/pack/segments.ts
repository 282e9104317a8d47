import type { RawState } from './raw-digest.js';
import { segmentRawBytes, type SegmentMemory } from './segment-memory.js';

/** One segment of raw bytes; only the last one of a unit may be shorter. */
export interface RawSegment {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/** One segment of the target object. */
export interface PackedSegment {
  readonly bytes: Uint8Array;
  /** State of the raw digest at the end of the segment, if the digest is resumable. */
  readonly rawEnd: RawState | undefined;
}

/**
 * Cuts pieces of any size into exact segments, in `memory`. The last one is the rest, and may be empty: a unit has at
 * least one segment. The bytes of a segment are valid until the second one after it is asked for, and a piece need be
 * valid only until the next one is.
 */
export async function* exactSegments(
  raw: AsyncIterable<Uint8Array>,
  memory: SegmentMemory,
): AsyncGenerator<RawSegment> {
  let segment: Uint8Array | undefined;
  let held = 0;
  for await (const piece of raw) {
    for (let rest = piece; rest.length > 0;) {
      // A full segment is only yielded once more follows, so that the last one is known to be the last.
      if (segment !== undefined && held === segmentRawBytes) {
        yield { bytes: segment, last: false };
        segment = undefined;
      }
      if (segment === undefined) {
        segment = memory.next();
        held = 0;
      }
      const taken = rest.subarray(0, segmentRawBytes - held);
      segment.set(taken, held);
      held += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { bytes: segment?.subarray(0, held) ?? new Uint8Array(0), last: true };
}
