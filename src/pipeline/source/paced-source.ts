import type { BlobSource } from './blob-source.js';
import type { BytePace } from '../../flow/byte-pace.js';

/**
 * Returns a source whose bodies come no faster than a pace allows. A stalled body is still noticed, because waiting for
 * the pace is not waiting for bytes.
 */
export function pacedSource(source: BlobSource, pace: BytePace): BlobSource {
  return {
    listPage: (...request) => source.listPage(...request),
    head: (...request) => source.head(...request),
    async *open(blob, signal, offset) {
      for await (const piece of source.open(blob, signal, offset)) {
        await pace.take(piece.length, signal);
        yield piece;
      }
    },
  };
}
