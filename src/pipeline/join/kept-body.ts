import { fetchedWholeMaxBytes } from '../source/deliver-in-order.js';

/**
 * Keeps the bytes of a small blob as they were last read, so that they can be decoded once more without another
 * request.
 */
export class KeptBody {
  #pieces: Uint8Array[] | undefined;

  /** Passes on the bytes of a body and keeps them in place of what was kept before. */
  async *keep(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    this.#pieces = pieces;
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes <= fetchedWholeMaxBytes) {
        pieces.push(piece);
      } else {
        this.#pieces = undefined;
        pieces.length = 0;
      }
      yield piece;
    }
  }

  /** The bytes kept, or undefined if the blob was too large: one that is not in memory anyway. */
  get pieces(): readonly Uint8Array[] | undefined {
    return this.#pieces;
  }
}
