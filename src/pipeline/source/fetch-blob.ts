import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import { joinPieces } from '../../flow/join-pieces.js';
import { isWorthAnotherTry, pauseBeforeRetry, requestPatience } from '../../flow/try-again.js';
import type { BlobSource } from './blob-source.js';

/** Reads a whole blob into memory as {@link streamBlob} streams it. For blobs whose bytes the caller has reserved. */
export async function fetchBlob(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamBlob(source, blob, signal)) pieces.push(piece);
  return joinPieces(pieces);
}

/**
 * Streams a blob of any size. A body that breaks is resumed at its offset, for as long as each request brings further
 * bytes; `If-Match` makes them bytes of the same version. Only requests that bring nothing count as failures in a row.
 */
export async function* streamBlob(
  source: BlobSource,
  blob: SourceBlob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // The source checks the MD5 of a body that comes in one go; that of a resumed one can only be checked here.
  const md5 = blob.md5 === null ? undefined : createHash('md5');
  let offset = 0;
  let failuresInARow = 0;
  for (;;) {
    const startedAt = offset;
    try {
      for await (const piece of source.open(blob, signal, offset)) {
        offset += piece.length;
        md5?.update(piece);
        yield piece;
      }
      if (startedAt === 0) return;
      break;
    } catch (error) {
      signal.throwIfAborted();
      failuresInARow = offset > startedAt ? 1 : failuresInARow + 1;
      if (!isWorthAnotherTry(error) || failuresInARow > requestPatience.retries) throw error;
      // It broke after its last byte: there is no offset to resume at.
      if (offset > startedAt && offset === blob.bytes) break;
      await pauseBeforeRetry({ error, failures: failuresInARow, patience: requestPatience }, signal);
    }
  }
  if (md5 !== undefined && md5.digest('base64') !== blob.md5) throw wrongMd5(blob);
}

function wrongMd5(blob: SourceBlob): Failure {
  const label = blobLabel(blob);
  return new Failure('SourceMd5Mismatch', `read ${label}: its bytes do not match the MD5 stored with it`, {
    blob: label,
  });
}
