import { BlobDamage } from '../blob-damage.js';
import { checkBlobBytes, checkExpansion, type BlobRules, type DecodedBlob } from '../blob-rules.js';
import type { Bzip2Decoder } from './bzip2-decoder.js';

/**
 * The decoding of one blob: adds to a decoder the limits, the rule for bytes after the last stream, and the blob's name
 * in errors.
 */
export class BlobDecoding {
  #compressedBytes = 0;
  #decodedBytes = 0;
  #trailingOffset: number | undefined;

  constructor(
    readonly decoder: Bzip2Decoder,
    readonly rules: BlobRules,
  ) {}

  /** Takes further compressed bytes and yields what can be decoded by now. Read it to the end. Throws a `Failure`. */
  write(bytes: Uint8Array): Iterable<Uint8Array> {
    this.#compressedBytes += bytes.length;
    // Once the bytes after the last stream have begun, they are only counted.
    return this.#trailingOffset === undefined ? this.#judge(this.decoder.write(bytes)) : [];
  }

  /** Takes the end of the bytes and yields the rest. Throws a `Failure`. */
  end(): Iterable<Uint8Array> {
    return this.#trailingOffset === undefined ? this.#judge(this.decoder.end()) : [];
  }

  /** What was found, once {@link end} has yielded everything. */
  get found(): DecodedBlob {
    const offset = this.#trailingOffset;
    return {
      streams: this.decoder.streams,
      compressedBytes: this.#compressedBytes,
      decodedBytes: this.#decodedBytes,
      ...(offset === undefined ? {} : { trailing: { offset, bytes: this.#compressedBytes - offset } }),
    };
  }

  *#judge(pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
    try {
      for (const piece of pieces) {
        this.#decodedBytes += piece.length;
        checkBlobBytes(this.#decodedBytes, this.rules);
        // Compared with the compressed bytes used so far, not with those received.
        checkExpansion(this.#decodedBytes, this.decoder.usedBytes, this.rules);
        yield piece;
      }
    } catch (error) {
      if (!(error instanceof BlobDamage)) throw error;
      if (error.failureClass !== 'CorruptInput/TrailingGarbage' || this.rules.trailingGarbage !== 'ignore') {
        throw error.toFailure(this.rules.label);
      }
      this.#trailingOffset = error.offset;
    }
  }
}
