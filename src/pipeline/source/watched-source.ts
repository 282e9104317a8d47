import type { BlobSource } from './blob-source.js';

/** Returns a source that tells `advanced` of every answer, every listed blob and every piece of a body. */
export function watchedSource(source: BlobSource, advanced: () => void): BlobSource {
  return {
    list: (...request) => watched(source.list(...request), advanced),
    head: (...request) => source.head(...request).finally(advanced),
    open: (...request) => watched(source.open(...request), advanced),
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
