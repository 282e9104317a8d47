/**
 * Counts the bytes that a process holds ahead of need: blobs fetched before their turn, and parts beyond the one being
 * filled. Nobody waits for it: a caller that is refused continues with the bytes reserved for what is next, so units
 * cannot starve each other.
 */
export class ByteBudget {
  #used = 0;

  constructor(readonly limitBytes: number) {}

  get usedBytes(): number {
    return this.#used;
  }

  /** Takes `bytes` if that many are left. A caller that gets true gives them back once, with {@link release}. */
  tryAcquire(bytes: number): boolean {
    if (this.#used + bytes > this.limitBytes) return false;
    this.#used += bytes;
    return true;
  }

  release(bytes: number): void {
    if (bytes > this.#used) throw new RangeError(`${String(bytes)} bytes given back, ${String(this.#used)} taken`);
    this.#used -= bytes;
  }
}
