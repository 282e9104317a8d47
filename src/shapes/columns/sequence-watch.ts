/** What is known about the numbers at the end of names: whether each series has no gap, and where they start. */
export interface SequenceFacts {
  readonly series: number;
  readonly isGapless: boolean;
  /** Where every series starts; undefined if they start differently. */
  readonly start: number | undefined;
}

/**
 * Watches the last number of names that are otherwise equal. Names come in the order of a listing, so the names of one
 * series follow each other and one series is remembered at a time.
 */
export class SequenceWatch {
  #stem: string | undefined;
  #min = 0;
  #max = 0;
  #count = 0;
  #series = 0;
  #isGapless = true;
  #start: number | 'differs' | undefined;

  static restore(stored: StoredSequence): SequenceWatch {
    const watch = new SequenceWatch();
    [watch.#stem, watch.#min, watch.#max, watch.#count] = stored.current ?? [undefined, 0, 0, 0];
    watch.#series = stored.series;
    watch.#isGapless = stored.isGapless;
    watch.#start = stored.start;
    return watch;
  }

  add(stem: string, number: number): void {
    if (stem !== this.#stem) {
      this.#close();
      this.#stem = stem;
      [this.#min, this.#max, this.#count] = [number, number, 0];
    }
    this.#min = Math.min(this.#min, number);
    this.#max = Math.max(this.#max, number);
    this.#count += 1;
  }

  /** Records that not all numbers were added. */
  giveUp(): void {
    this.#isGapless = false;
  }

  facts(): SequenceFacts {
    this.#close();
    this.#stem = undefined;
    const start = this.#start === 'differs' ? undefined : this.#start;
    return { series: this.#series, isGapless: this.#isGapless, start };
  }

  store(): StoredSequence {
    const current =
      this.#stem === undefined ? {} : { current: [this.#stem, this.#min, this.#max, this.#count] as const };
    const start = this.#start === undefined ? {} : { start: this.#start };
    return { series: this.#series, isGapless: this.#isGapless, ...start, ...current };
  }

  #close(): void {
    if (this.#stem === undefined) return;
    this.#series += 1;
    if (this.#max - this.#min + 1 !== this.#count) this.#isGapless = false;
    this.#start = this.#start === undefined || this.#start === this.#min ? this.#min : 'differs';
  }
}

/** A {@link SequenceWatch} as JSON. */
export interface StoredSequence {
  readonly series: number;
  readonly isGapless: boolean;
  readonly start?: number | 'differs';
  readonly current?: readonly [stem: string, min: number, max: number, count: number];
}
