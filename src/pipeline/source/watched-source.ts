import type { BlobSource } from './blob-source.js';

/** How a request to an account ended, or what has arrived of its body. */
export interface SourceAnswer {
  readonly request: keyof BlobSource;
  readonly account: string;
  /** Set if the request failed. */
  readonly error?: unknown;
  /** Set for a piece of a body. */
  readonly bytes?: number;
}

type Tell = (answer: SourceAnswer) => void;

/** Returns a source that reports every answer, every failure and every piece of a body. */
export function watchedSource(source: BlobSource, tell: Tell): BlobSource {
  const { read } = source;
  return {
    ...watchedListing(source, tell),
    head: (name, signal) => told(source.head(name, signal), { request: 'head', account: name.account }, tell),
    async *open(blob, signal, offset) {
      const about = { request: 'open', account: blob.account } as const;
      try {
        for await (const piece of source.open(blob, signal, offset)) {
          tell({ ...about, bytes: piece.length });
          yield piece;
        }
        tell(about);
      } catch (error) {
        tell({ ...about, error });
        throw error;
      }
    },
    ...(read && {
      async read(blob, signal) {
        const about = { request: 'open', account: blob.account } as const;
        try {
          const body = await read(blob, signal);
          tell({ ...about, bytes: body.bytes.length });
          tell(body.broken === undefined ? about : { ...about, error: body.broken });
          return body;
        } catch (error) {
          tell({ ...about, error });
          throw error;
        }
      },
    }),
  };
}

/** Returns the listings of a source, which report every page and every failure. */
export function watchedListing(source: Pick<BlobSource, 'listPage'>, tell: Tell): Pick<BlobSource, 'listPage'> {
  return {
    listPage: (place, from, signal) =>
      told(source.listPage(place, from, signal), { request: 'listPage', account: place.account }, tell),
  };
}

async function told<T>(answer: Promise<T>, about: SourceAnswer, tell: Tell): Promise<T> {
  try {
    const value = await answer;
    tell(about);
    return value;
  } catch (error) {
    tell({ ...about, error });
    throw error;
  }
}
