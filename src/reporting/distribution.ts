import { Spread } from '../planning/spread.js';

/** How values spread: half of them are at most `median`, and so on, to within 4 %. `largest` is exact. */
export interface DistributionFigures {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly largest: number;
}

/** Measures how values spread, in a few kilobytes however many there are. Values below 1 count as 1. */
export class Distribution {
  readonly #spread = new Spread();
  #largest = 0;

  add(value: number): void {
    this.#spread.add(Math.max(1, value));
    this.#largest = Math.max(this.#largest, value);
  }

  /** Null if there are no values. */
  get figures(): DistributionFigures | null {
    const { count } = this.#spread;
    if (count === 0) return null;
    const at = (share: number): number => Math.min(Math.round(this.#spread.quantile(share) ?? 0), this.#largest);
    return { count, median: at(0.5), p90: at(0.9), p99: at(0.99), largest: this.#largest };
  }
}
