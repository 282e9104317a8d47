import type { Phase } from './progress.js';
import { noUnits, type Tally, type UnitCounts } from './tally.js';

/** Units of a round, or of all rounds merged. */
export interface UnitFigures extends UnitCounts {
  readonly total: number;
}

/**
 * Merges a round into the figures of all rounds before it: for each unit, the newest round with a receipt counts.
 * `before` is that of the round's record, absent in round 0; `total` counts the round's units.
 */
export function overallUnits(
  before: UnitFigures | undefined,
  { total, tally }: { readonly total: number; readonly tally: Tally },
): UnitFigures {
  const { units, earlier = noUnits } = tally;
  if (before === undefined) return { total, ...units };
  return {
    total: before.total,
    done: before.done - earlier.done + units.done,
    found: before.found - earlier.found + units.found,
    empty: before.empty - earlier.empty + units.empty,
    failed: before.failed - earlier.failed + units.failed,
  };
}

/**
 * Returns the phase of the whole: a round that went well does not complete it while units of earlier rounds are failed.
 */
export function phaseOfWhole(phase: Phase, overall: Pick<UnitFigures, 'failed'>): Phase {
  return phase === 'completed' && overall.failed > 0 ? 'completed-with-failures' : phase;
}
