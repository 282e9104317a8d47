import { createHash } from 'node:crypto';
import type { SourceBlob } from '../../domain/manifest.js';
import type { AzureAccount } from './azure-account.js';
import { requireAddressable } from './azure-names.js';
import { BlobReading } from './blob-reading.js';
import { openBody, type OpenOptions } from './open-body.js';

/**
 * Yields the bytes of the listed version of a blob, from an offset to its end. If it ends well, the length is the
 * listed one and so is, for a whole body, the MD5.
 */
export async function* openBlob(
  account: AzureAccount,
  blob: SourceBlob,
  options: OpenOptions,
): AsyncGenerator<Uint8Array> {
  requireAddressable(blob);
  const { offset, signal } = options;
  if (offset > 0 && offset >= blob.bytes) return;
  const reading = new BlobReading(account, blob, options);
  try {
    const body = await openBody(account, reading, options);
    const md5 = blob.md5 === null || offset > 0 ? undefined : createHash('md5');
    for await (const piece of body) {
      reading.take(piece);
      md5?.update(piece);
      yield piece;
      // All of a small body is there before its first piece is passed on.
      signal.throwIfAborted();
    }
    reading.requireEnd(() => md5?.digest('base64'));
  } catch (error) {
    throw await reading.failureOf(error);
  }
}
