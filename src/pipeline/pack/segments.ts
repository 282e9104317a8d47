import { joinPieces } from '../../flow/join-pieces.js';
import type { RawState } from './raw-digest.js';

/** Raw bytes of every segment but the last. */
export const segmentRawBytes = 1024 * 1024;

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
 * Cuts pieces of any size into exact segments. The last one is the rest, and may be empty: a unit has at least one
 * segment. The bytes of any other one are valid until the second one after it is asked for.
 */
export async function* exactSegments(raw: AsyncIterable<Uint8Array>): AsyncGenerator<RawSegment> {
  // Two buffers in turn, because one is packed while the next is filled: new memory for every segment of a large unit
  // would pile up until the garbage collector runs.
  const buffers = [emptyBytes, emptyBytes] as [Uint8Array, Uint8Array];
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of raw) {
    let rest = piece;
    // A full segment is only yielded once more follows, so that the last one is known to be the last.
    while (rest.length > 0) {
      if (held === segmentRawBytes) {
        buffers.reverse();
        buffers[0] = joinedIn(buffers[0], pieces);
        yield { bytes: buffers[0], last: false };
        pieces = [];
        held = 0;
      }
      const taken = rest.subarray(0, segmentRawBytes - held);
      pieces.push(taken);
      held += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { bytes: joinPieces(pieces), last: true };
}

const emptyBytes = new Uint8Array(0);

/** Joins the pieces of a whole segment in `buffer`, or in a new one the first time. */
function joinedIn(buffer: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
  const segment = buffer.length === segmentRawBytes ? buffer : Buffer.allocUnsafeSlow(segmentRawBytes);
  let length = 0;
  for (const piece of pieces) {
    segment.set(piece, length);
    length += piece.length;
  }
  return segment;
}
