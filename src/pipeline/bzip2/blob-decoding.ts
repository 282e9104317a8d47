import { Failure } from '../../domain/failure.js';
import type { Bzip2Decoder } from './bzip2-decoder.js';
import { Bzip2Error } from './bzip2-error.js';

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

/** What was found in one blob. */
export interface DecodedBlob {
  readonly compressedBytes: number;
  readonly decodedBytes: number;
  /** Bytes behind the last stream that were ignored: where they begin, and how many there are. */
  readonly trailing?: { readonly offset: number; readonly bytes: number };
}

/** One blob on its way through a decoder: adds the limits, the rule for bytes behind the last stream, and the blob's name in errors. */
export class BlobDecoding {
  #compressedBytes = 0;
  #decodedBytes = 0;
  #trailingOffset: number | undefined;

  constructor(
    readonly decoder: Bzip2Decoder,
    readonly rules: BlobRules,
  ) {}

  /** Takes further compressed bytes and gives what can be decoded by now. Read it to the end. Throws {@link Failure}. */
  write(bytes: Uint8Array): Iterable<Uint8Array> {
    this.#compressedBytes += bytes.length;
    // Once the bytes behind the last stream have begun, they are only counted.
    return this.#trailingOffset === undefined ? this.#judge(this.decoder.write(bytes)) : [];
  }

  /** Says that no more bytes follow, and gives the rest. Throws {@link Failure}. */
  end(): Iterable<Uint8Array> {
    return this.#trailingOffset === undefined ? this.#judge(this.decoder.end()) : [];
  }

  /** What was found, once {@link end} has given everything. */
  get found(): DecodedBlob {
    const counts = { compressedBytes: this.#compressedBytes, decodedBytes: this.#decodedBytes };
    const offset = this.#trailingOffset;
    return offset === undefined ? counts : { ...counts, trailing: { offset, bytes: this.#compressedBytes - offset } };
  }

  *#judge(pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
    try {
      for (const piece of pieces) {
        this.#decodedBytes += piece.length;
        this.#checkLimits();
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof Bzip2Error)) throw error;
      if (error.failureClass !== 'CorruptInput/TrailingGarbage' || this.rules.trailingGarbage !== 'ignore') {
        throw toFailure(error, this.rules.label);
      }
      this.#trailingOffset = error.offset;
    }
  }

  /** Compares with the compressed bytes used so far, not with those received, so that the verdict does not hang on how they arrive. */
  #checkLimits(): void {
    const { limits, label } = this.rules;
    const decodedBytes = this.#decodedBytes;
    if (decodedBytes > limits.blobBytes) {
      const limit = String(limits.blobBytes);
      throw new Failure('LimitExceeded/BlobBytes', `${label} has more than ${limit} uncompressed bytes`, {
        blob: label,
      });
    }
    if (decodedBytes > expansionFreeBytes && decodedBytes > this.decoder.usedBytes * limits.expansion) {
      const limit = String(limits.expansion);
      throw new Failure('LimitExceeded/Expansion', `${label} expands more than ${limit}-fold`, { blob: label });
    }
  }
}

// Until so many uncompressed bytes the expansion does not matter: small blobs of zeros are common and harmless.
const expansionFreeBytes = 64 * 1024 * 1024;

function toFailure(error: Bzip2Error, label: string): Failure {
  return new Failure(error.failureClass, `${label} is not whole bzip2: ${error.message}`, {
    blob: label,
    cause: error,
  });
}
