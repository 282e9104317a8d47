/** Collects numbers bit by bit, the top bit first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #current = 0;
  #bits = 0;

  /** Appends the low `count` bits of `value`. */
  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.#current = (this.#current << 1) | ((value >>> bit) & 1);
      this.#bits += 1;
      if (this.#bits === 8) {
        this.#bytes.push(this.#current);
        this.#current = 0;
        this.#bits = 0;
      }
    }
  }

  /** Returns all bytes, the last one padded with zeros. */
  bytes(): Buffer {
    return Buffer.from(this.#bits === 0 ? this.#bytes : [...this.#bytes, this.#current << (8 - this.#bits)]);
  }
}
