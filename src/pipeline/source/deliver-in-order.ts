import { setMaxListeners } from 'node:events';
import type { SourceBlob } from '../../domain/manifest.js';
import type { BlobSource } from './blob-source.js';
import { fetchBlob, streamBlob } from './fetch-blob.js';
import type { ProcessResources } from '../../flow/process-resources.js';
import { settled, unwrap, type Settled } from '../../flow/settled.js';

/** One blob, when its turn has come. Read its body to the end, or close it, before asking for the next one. */
export interface DeliveredBlob {
  readonly blob: SourceBlob;
  readonly body: AsyncIterable<Uint8Array>;
  /** All bytes of the body, if it has been fetched whole. Whoever takes them need not read the body. */
  readonly whole?: Uint8Array;
}

/** What a delivery shares with others. */
export interface DeliveryResources extends Pick<ProcessResources, 'ahead' | 'sourceRequests' | 'throttledRequests'> {
  /** Reports whether an account asked for fewer requests; by default none did. */
  readonly isThrottled?: (account: string) => boolean;
}

/**
 * Larger blobs are streamed when their turn comes: one alone keeps a connection busy, and must not use up the budget.
 */
export const fetchedWholeMaxBytes = 4 * 1024 * 1024;
// So that one unit of very many blobs leaves requests and budget for others.
const blobsAheadMax = 16;

/**
 * Fetches blobs in parallel and yields them in the given order. Small blobs after the next one are fetched ahead while
 * the process's budget has room; the next one needs none of it, so a delivery never gets stuck. Ending the iteration
 * early cancels the requests in flight.
 */
export async function* deliverInOrder(
  blobs: readonly SourceBlob[],
  source: BlobSource,
  resources: DeliveryResources,
  signal: AbortSignal,
): AsyncGenerator<DeliveredBlob> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  setMaxListeners(0, either); // One listener for each request in flight, which blobsAheadMax bounds.
  const ahead = new Map<SourceBlob, Promise<Settled<Uint8Array>>>();
  const fetch = (blob: SourceBlob): Promise<Uint8Array> => {
    const read = (): Promise<Uint8Array> => resources.sourceRequests(() => fetchBlob(source, blob, either));
    return resources.isThrottled?.(blob.account) === true ? resources.throttledRequests(read) : read();
  };

  const startAhead = (next: number): void => {
    for (let index = next; index < Math.min(next + blobsAheadMax, blobs.length); index += 1) {
      const blob = blobs[index];
      if (blob === undefined || ahead.has(blob) || blob.bytes > fetchedWholeMaxBytes) continue;
      if (!resources.ahead.tryAcquire(blob.bytes)) return;
      ahead.set(blob, settled(fetch(blob)));
    }
  };

  try {
    for (const [index, blob] of blobs.entries()) {
      startAhead(index);
      const fetched = ahead.get(blob);
      if (fetched !== undefined) {
        yield delivered(blob, unwrap(await fetched));
        ahead.delete(blob);
        resources.ahead.release(blob.bytes);
      } else if (blob.bytes <= fetchedWholeMaxBytes) {
        yield delivered(blob, await fetch(blob));
      } else {
        yield { blob, body: streamBlob(source, blob, either) };
      }
    }
  } finally {
    ended.abort(new Error('the delivery was ended'));
    await Promise.all(ahead.values());
    for (const blob of ahead.keys()) resources.ahead.release(blob.bytes);
  }
}

function delivered(blob: SourceBlob, whole: Uint8Array): DeliveredBlob {
  return { blob, whole, body: once(whole) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  if (bytes.length > 0) yield bytes;
}
