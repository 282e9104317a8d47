import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import type { PartitionFigures, PendingSlice } from './partition-view.js';

/** Returns the tally of one partition: what its memo holds, and what its pending slices have beaten. */
export function partitionTally({ tally }: Pick<PartitionFigures, 'tally'>, slices: readonly PendingSlice[]): Tally {
  return slices.reduce((sum, { beat }) => (beat === undefined ? sum : addTallies(sum, beat.tally)), tally);
}

/** Sums the tallies of partitions. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  let sum = emptyTally;
  for (const tally of tallies) sum = addTallies(sum, tally);
  return sum;
}

/**
 * Returns the greater of each figure. Between a slice's last heartbeat and its entry in the memo it is in neither, for
 * a moment: figures that people watch must not go down for that.
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
