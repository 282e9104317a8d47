import type { SourceBlob } from '../../domain/manifest.js';

/** A blob as a listing or a HEAD tells it. */
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
 * - Errors are `Failure`s of the source's classes, with the account in `what` where it is the account's fault. One request each: who
 *   wants it tried again wraps the port.
 * - `list` gives every current blob below a prefix once a page, usually but not surely in the order of names' bytes; a container
 *   that is not there is `SourceMissing`.
 * - `head` gives undefined for a blob that is not there, `SourceMissing` for a container that is not there.
 * - `open` sends the blob's ETag as `If-Match` and gives its whole body: another version is `SourceChanged`, none is `SourceMissing`. A body that ends early,
 *   breaks or stalls fails while it is read (`SourceNetwork`, `SourceNetwork/ShortRead`, `SourceStalled`); its length is always the
 *   listed one when it ends well. The reader closes it by ending its iteration.
 * - Every request and every wait for bytes has an idle timeout. Aborting the signal rejects with the signal's own reason.
 * - Any call may be repeated and overlap with others.
 */
export interface BlobSource {
  list(place: BlobPlace, signal: AbortSignal): AsyncIterable<ListedBlob>;
  head(name: BlobName, signal: AbortSignal): Promise<ListedBlob | undefined>;
  open(blob: SourceBlob, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
