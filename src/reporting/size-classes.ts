/** Values of one order of magnitude: how many there are from `from` to below `below`, and their sum. */
export interface SizeClass {
  readonly from: number;
  readonly below: number;
  readonly count: number;
  readonly sum: number;
}

const smallest = 1_000;
// A petabyte is more than an object can have.
const classesMax = 14;

/** Counts values by order of magnitude, everything below a thousand together. */
export class SizeClasses {
  readonly #counts: number[] = Array.from({ length: classesMax }, () => 0);
  readonly #sums: number[] = Array.from({ length: classesMax }, () => 0);

  add(value: number): void {
    let position = 0;
    for (let below = smallest; value >= below && position < classesMax - 1; below *= 10) position += 1;
    this.#counts[position] = (this.#counts[position] ?? 0) + 1;
    this.#sums[position] = (this.#sums[position] ?? 0) + value;
  }

  /** The classes from the first to the last that has a value. */
  get classes(): readonly SizeClass[] {
    const used = this.#counts.flatMap((count, position) => (count > 0 ? [position] : []));
    const [first = 0, last = -1] = [used.at(0), used.at(-1)];
    return this.#counts
      .map((count, position) => ({
        from: position === 0 ? 0 : smallest * 10 ** (position - 1),
        below: smallest * 10 ** position,
        count,
        sum: this.#sums[position] ?? 0,
      }))
      .slice(first, last + 1);
  }
}
