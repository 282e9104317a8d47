import type { Spread } from './spread.js';

/** Values from `min` to `max` are like the others. */
export interface UsualRange {
  readonly min: number;
  readonly max: number;
}

// With fewer values, nobody can say what is usual.
const valuesMin = 20;
// A unit of a third of the usual size is not worth a look; one of a tenth is.
const factorMin = 8;

/**
 * Returns the range outside of which a value is far from the rest: three times the distance of the quartiles beyond
 * them, in orders of magnitude, and at least a factor of eight. Undefined if there are only a few values.
 */
export function usualRange(spread: Spread): UsualRange | undefined {
  const [low, high] = [spread.quantile(0.25), spread.quantile(0.75)];
  if (spread.count < valuesMin || low === undefined || high === undefined) return undefined;
  const factor = Math.max(factorMin, (high / low) ** 3);
  return { min: low / factor, max: high * factor };
}
