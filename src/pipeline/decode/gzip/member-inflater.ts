import { createInflateRaw } from 'node:zlib';

/**
 * Inflates the deflate data of one gzip member with zlib, block by block, in the thread pool. Always {@link close} it:
 * zlib's memory is outside the heap.
 *
 * `createGunzip` would decode members too, but silently ignores zeros after the last one, and cannot tell where one
 * ends.
 */
export class MemberInflater {
  readonly #engine = createInflateRaw({ chunkSize: pieceBytesMax });
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor() {
    this.#engine.on('readable', () => this.#wake());
    this.#engine.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    this.#engine.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** Whether the deflate data is known to have ended. If it ends exactly with a block, only the next one shows that. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Yields what a block inflates to, in pieces of at most 64 KiB, which the caller owns, and returns the bytes of the
   * block after the deflate data. Read it to the end before the next block. Throws zlib's error.
   */
  async *inflate(block: Uint8Array): AsyncGenerator<Uint8Array, Uint8Array> {
    const usedBefore = this.#engine.bytesWritten;
    let taken = false;
    this.#engine.write(block, () => {
      taken = true;
      this.#wake();
    });
    const isTaken = () => taken; // The compiler does not see that a callback sets it.
    for (;;) {
      const piece = this.#engine.read() as Buffer | null;
      if (piece !== null) yield ownBytes(piece);
      else if (this.#failure !== undefined) throw this.#failure;
      // If bytes are left after the end, zlib never says that it has taken the block.
      else if (isTaken() || this.#ended) return block.subarray(this.#engine.bytesWritten - usedBefore);
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#engine.destroy();
  }
}

const pieceBytesMax = 64 * 1024;

/** A short piece would keep zlib's whole output buffer alive, and thousands of small blobs can wait in a segment. */
function ownBytes(piece: Buffer): Uint8Array {
  return piece.length * 2 > piece.buffer.byteLength ? piece : Uint8Array.from(piece);
}
