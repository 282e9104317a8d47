import { joinPieces } from '../../../domain/join-pieces.js';

/**
 * Reads a body in portions of exact length, so that nothing depends on how the body is cut. Holds one piece of the body
 * and one portion.
 */
export class ExactReader {
  readonly #body: AsyncIterator<Uint8Array, unknown>;
  /** Bytes put back or not taken yet, the next ones first. */
  readonly #held: Uint8Array[] = [];
  #ended = false;
  #position = 0;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body[Symbol.asyncIterator]();
  }

  /** Number of bytes taken and not put back. */
  get position(): number {
    return this.#position;
  }

  /** Takes exactly `count` bytes, or fewer if the body ends. */
  async take(count: number): Promise<Uint8Array> {
    const gathered: Uint8Array[] = [];
    for (let missing = count; missing > 0;) {
      const piece = this.#held.shift() ?? (await this.#next());
      if (piece === undefined) break;
      const taken = piece.subarray(0, missing);
      if (taken.length < piece.length) this.#held.unshift(piece.subarray(taken.length));
      missing -= taken.length;
      gathered.push(taken);
    }
    const bytes = joinPieces(gathered);
    this.#position += bytes.length;
    return bytes;
  }

  /** Puts back the bytes that were taken last. */
  giveBack(bytes: Uint8Array): void {
    this.#position -= bytes.length;
    if (bytes.length > 0) this.#held.unshift(bytes);
  }

  /** Closes the body, read to its end or not. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#body.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    const { done, value } = await this.#body.next();
    if (done !== true) return value;
    this.#ended = true;
    return undefined;
  }
}
