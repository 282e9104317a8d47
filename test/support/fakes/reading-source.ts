import type { BlobSource } from '../../../src/pipeline/source/blob-source.js';
import { Failure } from '../../../src/domain/failure.js';

/** Returns a source that also reads small blobs at once, as Azure's does: it collects what another one yields. */
export function readingSource(source: BlobSource): BlobSource {
  return {
    listPage: (...request) => source.listPage(...request),
    head: (...request) => source.head(...request),
    open: (...request) => source.open(...request),
    async read(blob, signal) {
      const pieces: Uint8Array[] = [];
      try {
        for await (const piece of source.open(blob, signal)) pieces.push(piece);
      } catch (error) {
        const isWrong = !(error instanceof Failure) || error.row.retry === 'no';
        if (isWrong || pieces.length === 0) throw error;
        return { bytes: Buffer.concat(pieces), broken: error };
      }
      return { bytes: Buffer.concat(pieces) };
    },
  };
}
