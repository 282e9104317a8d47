import type { BlobSource } from './blob-source.js';

/**
 * Returns a source that tells `advanced`, with the account, of every answer and every piece of a body.
 */
export function watchedSource(source: BlobSource, advanced: (account: string) => void): BlobSource {
  return {
    listPage: (place, from, signal) => source.listPage(place, from, signal).finally(() => advanced(place.account)),
    head: (name, signal) => source.head(name, signal).finally(() => advanced(name.account)),
    open: (blob, signal, offset) => watched(source.open(blob, signal, offset), () => advanced(blob.account)),
  };
}

async function* watched<T>(items: AsyncIterable<T>, advanced: () => void): AsyncGenerator<T> {
  try {
    for await (const item of items) {
      advanced();
      yield item;
    }
  } finally {
    // An end, a refusal and a failure are answers too.
    advanced();
  }
}
