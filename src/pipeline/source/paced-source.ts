import type { BytePace } from '../../flow/byte-pace.js';
import type { RequestPace } from '../../flow/request-pace.js';
import type { BlobSource } from './blob-source.js';

/** The limits that a source keeps to. */
export interface SourcePace {
  readonly pace: BytePace;
  readonly requestPace: (account: string) => RequestPace;
}

/**
 * Returns a source that makes no request before its turn, and whose bodies come no faster than a pace allows. Neither
 * wait is one for the store, so that a stalled body is still noticed.
 */
export function pacedSource(source: BlobSource, { pace, requestPace }: SourcePace): BlobSource {
  const { read } = source;
  return {
    async listPage(place, from, signal) {
      await requestPace(place.account).turn(signal);
      return source.listPage(place, from, signal);
    },
    async head(name, signal) {
      await requestPace(name.account).turn(signal);
      return source.head(name, signal);
    },
    async *open(blob, signal, offset) {
      await requestPace(blob.account).turn(signal);
      for await (const piece of source.open(blob, signal, offset)) {
        await pace.take(piece.length, signal);
        yield piece;
      }
    },
    ...(read && {
      async read(blob, signal) {
        await requestPace(blob.account).turn(signal);
        const body = await read(blob, signal);
        await pace.take(body.bytes.length, signal);
        return body;
      },
    }),
  };
}
