/** How many units have ended, of how many, as a program has shown it. */
export interface ShownCount {
  readonly finished: number;
  readonly total: number;
}

/**
 * Returns every count of units that a verb has printed about a first round, in order: `403 of 1,000 units (40.3 %)`.
 */
export function shownCounts(printed: string): readonly ShownCount[] {
  return [...printed.matchAll(/([\d,]+) of ([\d,]+)(?: units)? \(/g)].map(([, finished = '', total = '']) => ({
    finished: Number(finished.replaceAll(',', '')),
    total: Number(total.replaceAll(',', '')),
  }));
}
