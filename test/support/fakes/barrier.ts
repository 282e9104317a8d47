/** Counts who is inside, and lets nobody pass until `size` have been inside at once. */
export class Barrier {
  readonly #size: number;
  #inside = 0;
  #most = 0;
  #open: () => void = () => {};
  readonly #opened: Promise<void>;

  constructor(size: number) {
    this.#size = size;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  /** The most that were ever inside at once. */
  get most(): number {
    return this.#most;
  }

  async pass(): Promise<void> {
    this.#inside += 1;
    this.#most = Math.max(this.#most, this.#inside);
    if (this.#inside >= this.#size) this.#open();
    await this.#opened;
    this.#inside -= 1;
  }
}
