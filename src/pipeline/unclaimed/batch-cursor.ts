/**
 * Goes through the items of a sequence of batches one by one. Only the end of a batch is waited for, which makes each
 * item cheap.
 */
export class BatchCursor<T> {
  readonly #batches: AsyncIterator<readonly T[]>;
  #batch: readonly T[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly T[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** The item it is at. Undefined before the first {@link fill}, between two batches, and after the end. */
  get current(): T | undefined {
    return this.#batch[this.#at];
  }

  /** Goes to the next item. Returns false if that is in another batch: then {@link fill} must be awaited. */
  advance(): boolean {
    this.#at += 1;
    return this.#at < this.#batch.length;
  }

  /** Gets the next batch that is not empty. After the last one, {@link current} stays undefined. */
  async fill(): Promise<void> {
    do {
      const next = await this.#batches.next();
      this.#at = 0;
      if (next.done === true) {
        this.#batch = [];
        return;
      }
      this.#batch = next.value;
    } while (this.#batch.length === 0);
  }

  /** Ends the sequence, so that it closes what it holds. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
