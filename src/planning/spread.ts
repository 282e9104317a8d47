// Neighbouring buckets differ by 4 %, so that quartiles are exact enough to tell what is far from the rest.
const bucketsPerDoubling = 16;

/** Counts how values spread over orders of magnitude, in a few kilobytes whatever their number. */
export class Spread {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  /** Adds a value above 0. */
  add(value: number): void {
    const bucket = Math.floor(Math.log2(value) * bucketsPerDoubling);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** Returns the value below which a share of the values lies, to within 4 %; undefined without values. */
  quantile(share: number): number | undefined {
    let before = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      before += count;
      if (before >= share * this.#count) return 2 ** ((bucket + 0.5) / bucketsPerDoubling);
    }
    return undefined;
  }
}
