import { Failure } from '../../domain/failure.js';

/** What bounds the decoding of one blob. */
export interface BlobLimits {
  /** Uncompressed bytes. */
  readonly blobBytes: number;
  /** Uncompressed : compressed, counted after the first 64 MiB of uncompressed bytes. */
  readonly expansion: number;
}

/** How one blob is judged. */
export interface BlobRules {
  readonly limits: BlobLimits;
  /** Names the blob in errors. */
  readonly label: string;
  /** What is done about bytes behind the last stream; `fail` unless said otherwise. */
  readonly trailingGarbage?: 'fail' | 'ignore';
}

/** How one blob is decoded. */
export interface DecodeOptions extends BlobRules {
  readonly signal?: AbortSignal;
}

/** What was found in one blob that is whole. */
export interface DecodedBlob {
  /** bzip2 streams or gzip members, the empty ones too. */
  readonly streams: number;
  readonly compressedBytes: number;
  readonly decodedBytes: number;
  /** Bytes behind the last stream that were ignored: where they begin, and how many there are. */
  readonly trailing?: { readonly offset: number; readonly bytes: number };
}

/** Throws `LimitExceeded/BlobBytes` where more than allowed has come out of a blob. */
export function checkBlobBytes(decodedBytes: number, { limits, label }: BlobRules): void {
  if (decodedBytes <= limits.blobBytes) return;
  const limit = String(limits.blobBytes);
  throw new Failure('LimitExceeded/BlobBytes', `${label} has more than ${limit} uncompressed bytes`, { blob: label });
}

/**
 * Throws `LimitExceeded/Expansion` where more than allowed has come out of `usedBytes` compressed ones. Asked at places that do not hang on
 * how the bytes arrive, so that the verdict does not either.
 */
export function checkExpansion(decodedBytes: number, usedBytes: number, { limits, label }: BlobRules): void {
  if (decodedBytes <= expansionFreeBytes || decodedBytes <= usedBytes * limits.expansion) return;
  const limit = String(limits.expansion);
  throw new Failure('LimitExceeded/Expansion', `${label} expands more than ${limit}-fold`, { blob: label });
}

// Until so many uncompressed bytes the expansion does not matter: small blobs of zeros are common and harmless.
const expansionFreeBytes = 64 * 1024 * 1024;
