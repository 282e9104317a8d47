import { exactSegments, type PackedSegment } from './segments.js';
import type { RawDigest } from './raw-digest.js';

/**
 * Yields raw bytes as the segments of an object that is not compressed, and feeds them to `digest`. Segments are as
 * long as those of a gzip object, so that parts and checkpoints work the same way.
 */
export async function* plainSegments(raw: AsyncIterable<Uint8Array>, digest: RawDigest): AsyncGenerator<PackedSegment> {
  for await (const { bytes, last } of exactSegments(raw)) {
    digest.update(bytes);
    // A segment's memory is reused, and a part gathers several segments.
    yield { bytes: last ? bytes : Buffer.from(bytes), rawEnd: digest.save() };
  }
}
