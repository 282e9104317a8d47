import type { Labels, Take } from './meter.js';

/**
 * A gauge whose series come and go. A series that was reported before and is not reported again becomes 0, because an
 * exporter keeps the last value.
 */
export class ChangingGauge {
  #told = new Map<string, Labels>();
  #sums = new Map<string, { readonly labels: Labels; value: number }>();

  constructor(private readonly set: Take) {}

  /** Adds to the value of a series for the next report. */
  add(value: number, labels: Labels): void {
    const key = JSON.stringify(labels);
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { labels, value });
    else sum.value += value;
  }

  /** Sets the value of a series for the next report. */
  put(value: number, labels: Labels): void {
    this.#sums.set(JSON.stringify(labels), { labels, value });
  }

  /** Reports what was added since the last time. */
  tell(): void {
    for (const [key, labels] of this.#told) if (!this.#sums.has(key)) this.set(0, labels);
    for (const { labels, value } of this.#sums.values()) this.set(value, labels);
    this.#told = new Map([...this.#sums].map(([key, { labels }]) => [key, labels]));
    this.#sums = new Map();
  }
}
