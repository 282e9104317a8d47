import type { ByteBudget } from '../../flow/byte-budget.js';

/** Decoded bytes of one blob, held until the blob is known to be whole. Always {@link release} them. */
export class HeldBytes {
  readonly pieces: Uint8Array[] = [];
  #bytes = 0;
  #budgetBytes = 0;

  constructor(private readonly ahead: ByteBudget) {}

  /** Holds one more piece, if there is room for it. */
  tryAdd(piece: Uint8Array): boolean {
    const bytes = this.#bytes + piece.length;
    if (bytes > heldMaxBytes) return false;
    const missing = Math.max(0, bytes - reservedBytes - this.#budgetBytes);
    if (!this.ahead.tryAcquire(missing)) return false;
    this.#budgetBytes += missing;
    this.#bytes = bytes;
    this.pieces.push(piece);
    return true;
  }

  /** Forgets everything. */
  release(): void {
    this.pieces.length = 0;
    this.#bytes = 0;
    this.ahead.release(this.#budgetBytes);
    this.#budgetBytes = 0;
  }
}

// This much, the size of a segment, needs no budget, so that small blobs never wait for any.
const reservedBytes = 1024 * 1024;
// A larger blob is read twice; that takes longer than opening it again.
const heldMaxBytes = 16 * 1024 * 1024;
