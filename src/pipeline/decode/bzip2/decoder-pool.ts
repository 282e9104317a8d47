import { Bzip2Decoder } from './bzip2-decoder.js';

/**
 * Keeps decoders that are not in use, for the next blob: making one takes longer than decoding a small blob.
 * As many are in use as blobs are decoded at a time, which their callers bound; at most `idleMax` are kept beside those.
 */
class DecoderPool {
  readonly #idle: Bzip2Decoder[] = [];

  constructor(readonly idleMax: number) {}

  /** How many are kept. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** Gives a decoder that awaits the first byte of an input; {@link release} it in any case. */
  acquire(): Bzip2Decoder {
    const decoder = this.#idle.pop() ?? new Bzip2Decoder();
    decoder.reset();
    return decoder;
  }

  /** Takes a decoder back, in whatever state it is. */
  release(decoder: Bzip2Decoder): void {
    if (this.#idle.length < this.idleMax) this.#idle.push(decoder);
  }
}

/** The decoders of this process. 16 idle ones hold at most 183 MiB, when all have met blocks of 900 KB; with 10 KB blobs 16 MiB. */
export const decoderPool = new DecoderPool(16);
