import { Failure } from '../domain/failure.js';
import { partSizeBytes, partsMax } from '../domain/part-plan.js';

/** The bytes of one part, or of a whole small object when it is the first and the last. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly body: Uint8Array;
  readonly last: boolean;
}

/** Gathers segments into parts: each the fewest whole segments that reach its size. Holds one part at a time. */
export async function* cutParts(segments: AsyncIterable<Uint8Array>, sourceBytes: number): AsyncGenerator<Part> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let number = 1;
  for await (const segment of segments) {
    // A full part is given only when more follows, so that the last one is known to be the last.
    if (bytes >= partSizeBytes(sourceBytes, number)) {
      yield { number, body: Buffer.concat(gathered), last: false };
      gathered = [];
      bytes = 0;
      number += 1;
      if (number > partsMax)
        throw new Failure('LimitExceeded/Parts', `the object needs more than ${String(partsMax)} parts`);
    }
    gathered.push(segment);
    bytes += segment.length;
  }
  yield { number, body: Buffer.concat(gathered), last: true };
}
