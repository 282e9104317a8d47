// Eight bands for each doubling: a median is off by at most 5 %.
const bandsPerDoubling = 8;

/** Sizes of blobs in a bounded number of bands: at most about 400, because no blob has 2^50 bytes. */
export class SizeHistogram {
  readonly #bands: Map<number, number>;
  bytes = 0;
  largest = 0;
  empty = 0;

  constructor(bands: Iterable<readonly [number, number]> = []) {
    this.#bands = new Map(bands);
  }

  static restore({ bands, bytes, largest, empty }: StoredSizes): SizeHistogram {
    return Object.assign(new SizeHistogram(bands), { bytes, largest, empty });
  }

  add(bytes: number): void {
    this.bytes += bytes;
    if (bytes > this.largest) this.largest = bytes;
    if (bytes === 0) this.empty += 1;
    else this.#count(Math.round(Math.log2(bytes) * bandsPerDoubling), 1);
  }

  merge(other: SizeHistogram): void {
    this.bytes += other.bytes;
    this.largest = Math.max(this.largest, other.largest);
    this.empty += other.empty;
    for (const [band, count] of other.#bands) this.#count(band, count);
  }

  /** The median size to within 5 %; 0 if half of the blobs are empty. */
  get median(): number {
    const bands = [...this.#bands].sort(([a], [b]) => a - b);
    const total = this.empty + bands.reduce((sum, [, count]) => sum + count, 0);
    let seen = this.empty;
    if (seen * 2 >= total) return 0;
    for (const [band, count] of bands) {
      seen += count;
      if (seen * 2 >= total) return Math.min(this.largest, Math.round(2 ** (band / bandsPerDoubling)));
    }
    return this.largest;
  }

  store(): StoredSizes {
    return { bands: [...this.#bands], bytes: this.bytes, largest: this.largest, empty: this.empty };
  }

  #count(band: number, count: number): void {
    this.#bands.set(band, (this.#bands.get(band) ?? 0) + count);
  }
}

/** A {@link SizeHistogram} as JSON. */
export interface StoredSizes {
  readonly bands: readonly (readonly [number, number])[];
  readonly bytes: number;
  readonly largest: number;
  readonly empty: number;
}
