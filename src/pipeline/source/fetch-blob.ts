import { setTimeout as wait } from 'node:timers/promises';
import type { SourceBlob } from '../../domain/manifest.js';
import type { BlobSource } from './blob-source.js';
import { isWorthAnotherTry, requestPatience, tryAgain } from '../../flow/try-again.js';

/** Reads a whole blob into memory, trying again while the failure may pass. For blobs whose bytes the caller has reserved. */
export function fetchBlob(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<Uint8Array> {
  return tryAgain(async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of source.open(blob, signal)) pieces.push(piece);
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }, signal);
}

/**
 * Streams a blob of any size. A body that breaks is opened again from its start and the bytes already given are passed over: `If-Match`
 * makes them the same bytes.
 */
export async function* streamBlob(
  source: BlobSource,
  blob: SourceBlob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let failuresInARow = 0;
  for (;;) {
    const givenBefore = given;
    let position = 0;
    try {
      for await (const piece of source.open(blob, signal)) {
        const start = Math.max(0, given - position);
        position += piece.length;
        if (start >= piece.length) continue;
        given = position;
        yield start === 0 ? piece : piece.subarray(start);
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      failuresInARow = given > givenBefore ? 1 : failuresInARow + 1;
      if (!isWorthAnotherTry(error) || failuresInARow > requestPatience.retries) throw error;
      await pause(failuresInARow, signal);
    }
  }
}

/** Waits before the body is opened again, twice as long each time in a row. */
async function pause(failuresInARow: number, signal: AbortSignal): Promise<void> {
  const { firstDelayMs, longestDelayMs } = requestPatience;
  const delayMs = Math.min(firstDelayMs * 2 ** (failuresInARow - 1), longestDelayMs);
  await wait(delayMs * (0.5 + Math.random() / 2), undefined, { signal });
}
