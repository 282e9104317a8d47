import { Failure } from '../../domain/failure.js';
import { joinPieces } from '../../domain/join-pieces.js';
import { partSizeBytes, partsMax } from '../../domain/target/part-plan.js';
import type { PackedSegment } from './segments.js';
import type { RawState } from './raw-digest.js';

/** The bytes of one part, or of a whole small object when it is the first and the last. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly body: Uint8Array;
  readonly last: boolean;
  /** State of the raw digest at the end of the part, if the digest is resumable. */
  readonly rawEnd: RawState | undefined;
}

/**
 * Gathers segments into parts, each of the fewest whole segments that reach its size. Holds one part at a time; the
 * first is number `firstNumber`.
 */
export async function* cutParts(
  segments: AsyncIterable<PackedSegment>,
  sourceBytes: number,
  firstNumber = 1,
): AsyncGenerator<Part> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let number = firstNumber;
  let rawEnd: RawState | undefined;
  for await (const segment of segments) {
    // A full part is only yielded once more follows, so that the last one is known to be the last.
    if (bytes >= partSizeBytes(sourceBytes, number)) {
      yield { number, body: joinPieces(gathered), last: false, rawEnd };
      gathered = [];
      bytes = 0;
      number += 1;
      if (number > partsMax)
        throw new Failure(
          'LimitExceeded/Parts',
          `the object needs more than ${String(partsMax)} parts, as many as S3 allows`,
        );
    }
    gathered.push(segment.bytes);
    bytes += segment.bytes.length;
    rawEnd = segment.rawEnd;
  }
  yield { number, body: joinPieces(gathered), last: true, rawEnd };
}
