/** The bytes of a small blob as they were read last, so that they can be decoded once more without another request. Holds at most 4 MiB. */
export class KeptBody {
  #pieces: Uint8Array[] | undefined;

  /** Gives the bytes of a body on and keeps them, in place of what was kept before. */
  async *keep(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    this.#pieces = pieces;
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes <= keptMaxBytes) {
        pieces.push(piece);
      } else {
        this.#pieces = undefined;
        pieces.length = 0;
      }
      yield piece;
    }
  }

  /** What was kept, or undefined where it was too much. */
  get pieces(): readonly Uint8Array[] | undefined {
    return this.#pieces;
  }
}

// As large as blobs that are fetched whole, and so in memory anyway.
const keptMaxBytes = 4 * 1024 * 1024;
