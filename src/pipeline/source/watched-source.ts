import type { BlobSource } from './blob-source.js';

/**
 * Is told that an account answered a request of this kind, or sent a piece of a body of so many `bytes`; with `error`
 * if the request failed.
 */
export type SourceWatch = (
  request: keyof BlobSource,
  account: string,
  more?: { readonly error?: unknown; readonly bytes?: number },
) => void;

/** Returns a source that tells of every answer, every failure and every piece of a body. */
export function watchedSource(source: BlobSource, tell: SourceWatch): BlobSource {
  const told = async <T>(request: keyof BlobSource, account: string, answer: Promise<T>): Promise<T> => {
    try {
      const value = await answer;
      tell(request, account);
      return value;
    } catch (error) {
      tell(request, account, { error });
      throw error;
    }
  };
  return {
    listPage: (place, from, signal) => told('listPage', place.account, source.listPage(place, from, signal)),
    head: (name, signal) => told('head', name.account, source.head(name, signal)),
    async *open(blob, signal, offset) {
      try {
        for await (const piece of source.open(blob, signal, offset)) {
          tell('open', blob.account, { bytes: piece.length });
          yield piece;
        }
        tell('open', blob.account);
      } catch (error) {
        tell('open', blob.account, { error });
        throw error;
      }
    },
  };
}
