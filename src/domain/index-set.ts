// Twice the bits each time: an index of 200 million units takes 25 MB.
const firstBytes = 1_024;

/** A set of whole numbers from 0, at one bit for each number up to the largest. */
export class IndexSet {
  #bits = new Uint8Array(firstBytes);

  /** Adds a number. Returns whether it was new. */
  add(index: number): boolean {
    const [byte, bit] = [index >>> 3, 1 << (index & 7)];
    if (byte >= this.#bits.length) this.#grow(byte + 1);
    const before = this.#bits[byte] ?? 0;
    this.#bits[byte] = before | bit;
    return (before & bit) === 0;
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, 2 * this.#bits.length));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
