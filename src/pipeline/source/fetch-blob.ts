import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import { joinPieces } from '../../domain/join-pieces.js';
import { isWorthAnotherTry, pauseBeforeRetry, requestPatience } from '../../flow/try-again.js';
import type { BlobSource } from './blob-source.js';

/**
 * Reads a whole blob into memory: in one piece if the source can, and whatever is missing then as {@link streamBlob}
 * does. For blobs whose bytes the caller has reserved.
 */
export async function fetchBlob(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<Uint8Array> {
  const begun = await readAtOnce(source, blob, signal);
  if (begun !== undefined && begun.error === undefined) return begun.bytes;
  const pieces: Uint8Array[] = [];
  for await (const piece of streamBlob(source, blob, signal, begun)) pieces.push(piece);
  return joinPieces(pieces);
}

/** The first bytes of a blob, and why there are no more. */
interface Begun {
  readonly bytes: Uint8Array;
  readonly error?: unknown;
}

async function readAtOnce(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<Begun | undefined> {
  if (source.read === undefined) return undefined;
  try {
    const { bytes, broken } = await source.read(blob, signal);
    return { bytes, error: broken };
  } catch (error) {
    return { bytes: new Uint8Array(), error };
  }
}

/**
 * Streams a blob of any size. A body that breaks is resumed at its offset, for as long as each request brings further
 * bytes; `If-Match` makes them bytes of the same version. Only requests that bring nothing count as failures in a row.
 * `begun` is what a first request returned.
 */
export async function* streamBlob(
  source: BlobSource,
  blob: SourceBlob,
  signal: AbortSignal,
  begun?: Begun,
): AsyncGenerator<Uint8Array> {
  // The source checks the MD5 of a body that comes in one go; that of a resumed one can only be checked here.
  const md5 = blob.md5 === null ? undefined : createHash('md5');
  let offset = 0;
  let failuresInARow = 0;
  for (let first = begun; ; first = undefined) {
    const startedAt = offset;
    try {
      for await (const piece of first === undefined ? source.open(blob, signal, offset) : broken(first)) {
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

/** Yields what has been read, and then fails as the reading did. */
async function* broken({ bytes, error }: Begun): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  if (bytes.length > 0) yield bytes;
  throw error;
}

function wrongMd5(blob: SourceBlob): Failure {
  const label = blobLabel(blob);
  return new Failure('SourceMd5Mismatch', `read ${label}: its bytes do not match the MD5 stored with it`, {
    blob: label,
  });
}
