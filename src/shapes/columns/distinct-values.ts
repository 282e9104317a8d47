import { DistinctSketch } from './distinct-sketch.js';
import type { ValueBudget } from './value-budget.js';

/** At most this many values of a column are kept; more are only counted. An `each` or a table shows no more. */
const keptValuesMax = 64;
/** Longer values are counted but not kept. */
const keptLengthMax = 128;

/** The distinct values of a column: all of them while they are few, then about how many. */
export class DistinctValues {
  readonly #budget: ValueBudget;
  #counts: Map<string, number> | undefined = new Map();
  #sketch: DistinctSketch | undefined;

  constructor(budget: ValueBudget) {
    this.#budget = budget;
  }

  static restore(stored: StoredValues, budget: ValueBudget): DistinctValues {
    const values = new DistinctValues(budget);
    if (typeof stored === 'string') {
      values.#counts = undefined;
      values.#sketch = DistinctSketch.restore(stored);
    } else for (const [value, count] of stored) values.#note(value, count);
    return values;
  }

  add(value: string): void {
    this.#note(value, 1);
  }

  merge(other: DistinctValues): void {
    if (other.#counts !== undefined) {
      for (const [value, count] of other.#counts) this.#note(value, count);
      return;
    }
    this.#overflow();
    if (other.#sketch !== undefined) this.#sketch?.merge(other.#sketch);
  }

  /** All values with their counts, or undefined if there are too many to keep. */
  get counts(): ReadonlyMap<string, number> | undefined {
    return this.#counts;
  }

  /** How many there are: exactly while `counts` is there, else approximately. */
  get distinct(): number {
    return this.#counts?.size ?? Math.max(keptValuesMax + 1, this.#sketch?.estimate() ?? 0);
  }

  /** Gives what is kept back to the budget; nothing is added afterwards. */
  release(): void {
    this.#budget.giveBack(this.#counts?.size ?? 0);
  }

  store(): StoredValues {
    return this.#counts === undefined ? (this.#sketch?.store() ?? '') : [...this.#counts];
  }

  #note(value: string, count: number): void {
    const known = this.#counts?.get(value);
    if (this.#counts !== undefined && known !== undefined) {
      this.#counts.set(value, known + count);
      return;
    }
    const fits = value.length <= keptLengthMax && (this.#counts?.size ?? keptValuesMax) < keptValuesMax;
    if (this.#counts !== undefined && fits && this.#budget.take()) this.#counts.set(value, count);
    else this.#overflow().add(value);
  }

  #overflow(): DistinctSketch {
    if (this.#sketch !== undefined) return this.#sketch;
    this.#sketch = DistinctSketch.empty();
    for (const value of this.#counts?.keys() ?? []) this.#sketch.add(value);
    this.#budget.giveBack(this.#counts?.size ?? 0);
    this.#counts = undefined;
    return this.#sketch;
  }
}

/** The values with their counts, or a stored {@link DistinctSketch}. */
export type StoredValues = readonly (readonly [string, number])[] | string;
