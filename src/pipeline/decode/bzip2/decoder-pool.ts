import { Bzip2Decoder } from './bzip2-decoder.js';

/**
 * Keeps idle decoders for the next blob, because making one takes longer than decoding a small blob. Callers bound how
 * many blobs they decode at a time, and so how many decoders are in use; at most `idleMax` idle ones are kept besides.
 */
class DecoderPool {
  readonly #idle: Bzip2Decoder[] = [];

  constructor(readonly idleMax: number) {}

  /** How many are kept. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** Returns a decoder that is ready for the first byte of an input. Always {@link release} it. */
  acquire(options?: { readonly lends?: boolean }): Bzip2Decoder {
    const decoder = this.#idle.pop() ?? new Bzip2Decoder();
    decoder.reset(options);
    return decoder;
  }

  /** Takes a decoder back, whatever its state. */
  release(decoder: Bzip2Decoder): void {
    if (this.#idle.length < this.idleMax) this.#idle.push(decoder);
  }
}

/**
 * The decoders of this process. 16 idle ones hold at most 183 MiB if all have decoded blocks of 900 KB, and 16 MiB
 * after blobs of 10 KB.
 */
export const decoderPool = new DecoderPool(16);
