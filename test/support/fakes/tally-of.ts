import { emptyTally, type Tally } from '../../../src/domain/figures/tally.js';

/** Returns the tally of a slice whose units all succeeded. */
export function tallyOf(units: number): Tally {
  return {
    units: { ...emptyTally.units, done: units },
    blobs: { done: units * 10 },
    bytes: { source: units * 1_000, raw: units * 5_000, target: units * 900 },
  };
}
