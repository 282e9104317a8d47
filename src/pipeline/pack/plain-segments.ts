import { exactSegments, type PackedSegment } from './segments.js';
import type { RawDigest } from './raw-digest.js';
import { SegmentMemory } from './segment-memory.js';

/**
 * Yields raw bytes as the segments of an object that is not compressed, and feeds them to `digest`. Segments are as
 * long as those of a gzip object, so that parts and checkpoints work the same way.
 */
export async function* plainSegments(raw: AsyncIterable<Uint8Array>, digest: RawDigest): AsyncGenerator<PackedSegment> {
  const memory = new SegmentMemory();
  for await (const { bytes } of exactSegments(raw, memory)) {
    digest.update(bytes);
    // A segment's memory is reused, and a part gathers several segments.
    yield { bytes: Buffer.from(bytes), rawEnd: digest.save() };
  }
  memory.release();
}
