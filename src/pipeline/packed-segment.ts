import type { RawState } from './pack/raw-digest.js';

/** One segment of the target object. */
export interface PackedSegment {
  readonly bytes: Uint8Array;
  /** State of the raw digest at the segment's end, where it is resumable. */
  readonly rawEnd: RawState | undefined;
}
