import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import type { PartitionFigures, PendingSlice } from './partition-view.js';

/** Returns the tally of one partition: that of its memo plus those in the heartbeats of its pending slices. */
export function partitionTally({ tally }: Pick<PartitionFigures, 'tally'>, slices: readonly PendingSlice[]): Tally {
  return slices.reduce((sum, { beat }) => (beat === undefined ? sum : addTallies(sum, beat.tally)), tally);
}

/** Returns the sum of tallies. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  let sum = emptyTally;
  for (const tally of tallies) sum = addTallies(sum, tally);
  return sum;
}

/**
 * Returns the greater of each figure. Between a slice's last heartbeat and the next memo, its tally is in neither for a
 * moment; the figures that people watch must not go down then.
 */
export function maxTallies(a: Tally, b: Tally): Tally {
  const { units: u, blobs, bytes } = a;
  const { units: v } = b;
  return {
    units: {
      done: Math.max(u.done, v.done),
      found: Math.max(u.found, v.found),
      empty: Math.max(u.empty, v.empty),
      failed: Math.max(u.failed, v.failed),
    },
    blobs: { done: Math.max(blobs.done, b.blobs.done) },
    bytes: {
      source: Math.max(bytes.source, b.bytes.source),
      raw: Math.max(bytes.raw, b.bytes.raw),
      target: Math.max(bytes.target, b.bytes.target),
    },
  };
}
