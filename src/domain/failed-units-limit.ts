import type { LimitsDefinition } from './definition.js';
import { finishedUnits, type Tally } from './figures/tally.js';

// Among a few finished units, a single failed one would be a large share.
const failedBeforeShares = 100;

/**
 * Tells whether more units have failed than `limits.failedUnits` allows. A share applies once more than 100 have
 * failed.
 */
export function hasTooManyFailures(limit: LimitsDefinition['failedUnits'], tally: Tally): boolean {
  const { failed } = tally.units;
  if (limit.kind === 'count') return failed > limit.count;
  return failed > failedBeforeShares && failed > limit.share * finishedUnits(tally);
}
