import { addTallies, emptyTally, failuresOf, type Tally } from '../../domain/figures/tally.js';
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
  const { units, blobs, bytes } = a;
  const earlier = eitherOrMax(a.earlier, b.earlier);
  const sincePlan = eitherOrMax(a.sincePlan, b.sincePlan);
  const beforeRun = eitherOrMax(a.beforeRun, b.beforeRun);
  return {
    units: maxCounts(units, b.units),
    blobs: maxCounts(blobs, b.blobs),
    bytes: maxCounts(bytes, b.bytes),
    ...(earlier && { earlier }),
    ...(sincePlan && { sincePlan }),
    ...(beforeRun && { beforeRun }),
    ...failuresOf(a, b, Math.max),
  };
}

function eitherOrMax<Counts extends object>(a: Counts | undefined, b: Counts | undefined): Counts | undefined {
  return a === undefined || b === undefined ? (a ?? b) : maxCounts(a, b);
}

function maxCounts<Counts extends object>(a: Counts, b: Counts): Counts {
  const other = new Map<string, number>(Object.entries(b));
  const greater = ([name, count]: [string, number]): [string, number] => [name, Math.max(count, other.get(name) ?? 0)];
  return Object.fromEntries(Object.entries(a).map(greater)) as Counts;
}
