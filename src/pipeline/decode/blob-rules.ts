import { Failure } from '../../domain/failure.js';

/** What bounds the decoding of one blob. */
export interface BlobLimits {
  /** Uncompressed bytes. */
  readonly blobBytes: number;
  /** Ratio of uncompressed to compressed bytes, applied after the first 64 MiB of uncompressed bytes. */
  readonly expansion: number;
}

/** How one blob is judged. */
export interface BlobRules {
  readonly limits: BlobLimits;
  /** Names the blob in errors. */
  readonly label: string;
  /** What to do about bytes after the last stream; `fail` by default. */
  readonly trailingGarbage?: 'fail' | 'ignore';
}

/** How one blob is decoded. */
export interface DecodeOptions extends BlobRules {
  readonly signal?: AbortSignal;
}

/** What was found in a whole blob. */
export interface DecodedBlob {
  /** Number of bzip2 streams or gzip members, including empty ones. */
  readonly streams: number;
  readonly compressedBytes: number;
  readonly decodedBytes: number;
  /** Ignored bytes after the last stream: where they begin, and how many there are. */
  readonly trailing?: { readonly offset: number; readonly bytes: number };
}

/** Throws `LimitExceeded/BlobBytes` if a blob has more uncompressed bytes than allowed. */
export function checkBlobBytes(decodedBytes: number, { limits, label }: BlobRules): void {
  if (decodedBytes <= limits.blobBytes) return;
  const limit = String(limits.blobBytes);
  throw new Failure('LimitExceeded/BlobBytes', `${label} has more than ${limit} uncompressed bytes`, { blob: label });
}

/**
 * Throws `LimitExceeded/Expansion` if more bytes than allowed have come out of `usedBytes` compressed ones. Called at
 * places that do not depend on how the bytes arrive, so that the verdict does not depend on that either.
 */
export function checkExpansion(decodedBytes: number, usedBytes: number, { limits, label }: BlobRules): void {
  if (decodedBytes <= expansionFreeBytes || decodedBytes <= usedBytes * limits.expansion) return;
  const limit = String(limits.expansion);
  throw new Failure('LimitExceeded/Expansion', `${label} expands more than ${limit}-fold`, { blob: label });
}

// Up to this many uncompressed bytes the expansion does not matter: small blobs of zeros are common and harmless.
const expansionFreeBytes = 64 * 1024 * 1024;
