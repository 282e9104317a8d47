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

/** Where a page of a listing begins, as plain JSON; `{}` is the first page. */
export interface PageStart {
  /** Where the previous page ended. */
  readonly marker?: string;
  /** The page holds at most this many blobs, or as many as the store allows. */
  readonly blobsMax?: number;
}

/** One page of a listing. */
export interface BlobPage {
  readonly blobs: readonly ListedBlob[];
  /** Where the next page begins; undefined after the last. */
  readonly next: PageStart | undefined;
}

/** An exact name in one container of one account. */
export interface BlobName {
  readonly account: string;
  readonly container: string;
  readonly name: string;
}

/** The bytes of a body, from its start to its end or to where it broke. */
export interface ReadBody {
  readonly bytes: Uint8Array;
  /** Why there is no more of it: the `Failure` that reading it piece by piece would end with. */
  readonly broken?: unknown;
}

/**
 * Where source blobs are found and read; one for all accounts of a migration. Contract:
 * - Errors are `Failure`s of the source's classes, with the account in `what` where the account is at fault. Each call
 *   makes one request and never retries: callers that want retries wrap the port. (A page takes a second request where
 *   it is too large to be held, or holds an empty blob that may mark a folder.)
 * - `listPage` returns the current blobs below a prefix, page by page, and nothing else: no directories, no name
 *   outside the prefix. A page may be short or empty without being the last. The order is usually, but not always,
 *   that of the names' bytes. A page may be asked for again with the same start. A missing container is
 *   `SourceMissing`; an answer that makes no sense is `SourceListing`. What comes next keeps `blobsMax`, or lowers
 *   it.
 * - `head` returns undefined for a missing blob and `directory` for a directory; a missing container is
 *   `SourceMissing`.
 * - `open` sends the blob's ETag as `If-Match` and yields its bytes from `offset` (default 0) to its end: another
 *   version is `SourceChanged`, a missing blob `SourceMissing`. A body that ends early, breaks or stalls fails while it
 *   is read (`SourceNetwork`, `SourceNetwork/ShortRead`, `SourceStalled`); one that ends well has the listed length
 *   and, read from 0, the listed MD5. The reader closes it by ending its iteration.
 * - `read` does what `open` does from the start, and returns all bytes at once. It is for blobs of up to 4 MiB, which
 *   most are; a source without it is read by `open`.
 * - Every request and every wait for bytes has an idle timeout. Aborting the signal rejects with the signal's own
 *   reason.
 * - Any call may be repeated, and calls may overlap.
 */
export interface BlobSource {
  listPage(place: BlobPlace, from: PageStart, signal: AbortSignal): Promise<BlobPage>;
  head(name: BlobName, signal: AbortSignal): Promise<ListedBlob | 'directory' | undefined>;
  open(blob: SourceBlob, signal: AbortSignal, offset?: number): AsyncIterable<Uint8Array>;
  readonly read?: (blob: SourceBlob, signal: AbortSignal) => Promise<ReadBody>;
}
