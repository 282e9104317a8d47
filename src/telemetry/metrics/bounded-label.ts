/** What stands for all values beyond the bound. */
const otherValue = 'other';

/**
 * Bounds the values of a label, so that a process that runs for months keeps a bounded number of series: the first
 * `max` values keep their names, and all later ones share one.
 */
export class BoundedLabel {
  readonly #known = new Set<string>();

  constructor(readonly max: number) {}

  /** Returns the value, or `other`. */
  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.max) return otherValue;
    this.#known.add(value);
    return value;
  }
}

/** More migrations than one process works for between two restarts; a dashboard shows no more. */
export const migrationLabelsMax = 32;

/** More accounts than a migration usually has; each has about 15 series. */
export const accountLabelsMax = 64;
