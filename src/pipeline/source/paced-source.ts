import type { BlobSource } from './blob-source.js';
import type { BytePace } from '../../flow/byte-pace.js';

/** Gives a source whose bodies come no faster than a pace lets them. A stalled body is still noticed: waiting for the pace is not waiting for bytes. */
export function pacedSource(source: BlobSource, pace: BytePace): BlobSource {
  return {
    list: (...request) => source.list(...request),
    head: (...request) => source.head(...request),
    async *open(blob, signal) {
      for await (const piece of source.open(blob, signal)) {
        await pace.take(piece.length, signal);
        yield piece;
      }
    },
  };
}
