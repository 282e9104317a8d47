import type { SourceBlob } from '../../domain/manifest.js';

/** A blob as a listing or a HEAD describes it. */
export interface ListedBlob {
  readonly name: string;
  readonly etag: string;
  readonly bytes: number;
  /** MD5 stored with the blob, base64, or null. */
  readonly md5: string | null;
  /** Milliseconds since the epoch. */
  readonly lastModifiedMs: number;
}

/** A prefix in one container of one account. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  readonly prefix: string;
}

/** An exact name in one container of one account. */
export interface BlobName {
  readonly account: string;
  readonly container: string;
  readonly name: string;
}

/**
 * Where source blobs are found and read; one for all accounts of a migration. Contract:
 * - Errors are `Failure`s of the source's classes, with the account in `what` where the account is at fault. Each call
 *   makes one request (a listing one a page) and never retries: callers that want retries wrap the port.
 * - `list` yields every current blob below a prefix and nothing else: no directories, no name outside the prefix. The
 *   order is usually, but not always, that of the names' bytes. A listing that cannot end is `SourceListing`; a missing
 *   container is `SourceMissing`.
 * - `head` returns undefined for a missing blob and `directory` for a directory; a missing container is
 *   `SourceMissing`.
 * - `open` sends the blob's ETag as `If-Match` and yields its bytes from `offset` (default 0) to its end: another
 *   version is `SourceChanged`, a missing blob `SourceMissing`. A body that ends early, breaks or stalls fails while it
 *   is read (`SourceNetwork`, `SourceNetwork/ShortRead`, `SourceStalled`); one that ends well has the listed length
 *   and, read from 0, the listed MD5. The reader closes it by ending its iteration.
 * - Every request and every wait for bytes has an idle timeout. Aborting the signal rejects with the signal's own
 *   reason.
 * - Any call may be repeated, and calls may overlap.
 */
export interface BlobSource {
  list(place: BlobPlace, signal: AbortSignal): AsyncIterable<ListedBlob>;
  head(name: BlobName, signal: AbortSignal): Promise<ListedBlob | 'directory' | undefined>;
  open(blob: SourceBlob, signal: AbortSignal, offset?: number): AsyncIterable<Uint8Array>;
}
