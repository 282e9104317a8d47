import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import { joinPieces } from '../../domain/join-pieces.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { ReadBody } from '../../pipeline/source/blob-source.js';
import type { AzureAccount } from './azure-account.js';
import { requireAddressable } from './azure-names.js';
import { BlobReading } from './blob-reading.js';
import { openBody, wholeBytesMax, type OpenOptions } from './open-body.js';

/**
 * Returns all bytes of the listed version of a blob as {@link openBlob} yields them. For blobs of at most 4 MiB; larger
 * ones are refused.
 */
export async function readBlob(
  account: AzureAccount,
  blob: SourceBlob,
  given: Omit<OpenOptions, 'offset'>,
): Promise<ReadBody> {
  requireAddressable(blob);
  if (blob.bytes > wholeBytesMax) throw new RangeError(`${blobLabel(blob)} is too large to be read at once`);
  const options = { ...given, offset: 0 };
  const reading = new BlobReading(account, blob, options);
  const pieces: Uint8Array[] = [];
  const take = (piece: Uint8Array): void => {
    reading.take(piece);
    pieces.push(piece);
  };
  try {
    const body = await openBody(account, reading, options);
    if (Symbol.asyncIterator in body) for await (const piece of body) take(piece);
    else for (const piece of body) take(piece);
    options.signal.throwIfAborted();
    const bytes = joinPieces(pieces);
    reading.requireEnd(() => md5Of(bytes));
    return { bytes };
  } catch (error) {
    const broken = await reading.failureOf(error);
    // What has arrived need not be asked for again, unless it is wrong.
    if (reading.position === 0 || !(broken instanceof Failure) || broken.row.retry === 'no') throw broken;
    return { bytes: joinPieces(pieces), broken };
  }
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
