import type { FailureClass } from '../failure-classes.js';

/** Counts of units by how they ended. */
export interface UnitCounts {
  /** Proven in place; `found` counts those of them that were there already. */
  readonly done: number;
  readonly found: number;
  readonly empty: number;
  readonly failed: number;
}

/** Summed counts of a slice, partition or migration; the fields are those of `status --json`. */
export interface Tally {
  readonly units: UnitCounts;
  readonly blobs: { readonly done: number };
  readonly bytes: { readonly source: number; readonly raw: number; readonly target: number };
  /** How the finished units had ended in the newest earlier round; absent if none of them was in one. */
  readonly earlier?: UnitCounts;
  /** Absent if none of the finished units was compared with a plan. */
  readonly sincePlan?: PlanComparison;
  /** The failed units by class; absent if none failed. */
  readonly failures?: FailureCounts;
  /** What earlier runs of the round had done already, and so says nothing about this one's speed; absent if nothing. */
  readonly beforeRun?: RunCounts;
}

/** What the speed of a run is measured by. */
export interface RunCounts {
  /** Units that need nothing more: done, empty or failed. */
  readonly units: number;
  readonly blobs: number;
  readonly sourceBytes: number;
}

/** Units whose blobs were compared with those that a plan had found, and those of them that have other blobs now. */
export interface PlanComparison {
  readonly compared: number;
  readonly changed: number;
}

/** Failed units by class: never more entries than the table of failures has rows. */
export type FailureCounts = Readonly<Partial<Record<FailureClass, number>>>;

export const noUnits: UnitCounts = { done: 0, found: 0, empty: 0, failed: 0 };

export const emptyTally: Tally = {
  units: noUnits,
  blobs: { done: 0 },
  bytes: { source: 0, raw: 0, target: 0 },
};

/** Adds two tallies field by field. */
export function addTallies(a: Tally, b: Tally): Tally {
  const earlier = a.earlier === undefined ? b.earlier : addUnits(a.earlier, b.earlier ?? noUnits);
  const sincePlan = a.sincePlan === undefined ? b.sincePlan : addComparisons(a.sincePlan, b.sincePlan);
  const beforeRun = a.beforeRun === undefined ? b.beforeRun : addRunCounts(a.beforeRun, b.beforeRun ?? noRunCounts);
  return {
    units: addUnits(a.units, b.units),
    blobs: { done: a.blobs.done + b.blobs.done },
    bytes: {
      source: a.bytes.source + b.bytes.source,
      raw: a.bytes.raw + b.bytes.raw,
      target: a.bytes.target + b.bytes.target,
    },
    ...(earlier === undefined ? {} : { earlier }),
    ...(sincePlan === undefined ? {} : { sincePlan }),
    ...(beforeRun === undefined ? {} : { beforeRun }),
    ...failuresOf(a, b, (one, other) => one + other),
  };
}

/** Combines the failures of two tallies, class by class. */
export function failuresOf(
  a: Tally,
  b: Tally,
  combine: (one: number, other: number) => number,
): Pick<Tally, 'failures'> {
  if (a.failures === undefined) return b.failures === undefined ? {} : { failures: b.failures };
  if (b.failures === undefined) return { failures: a.failures };
  const failures: Partial<Record<FailureClass, number>> = { ...a.failures };
  for (const [failureClass, units] of Object.entries(b.failures) as [FailureClass, number][]) {
    failures[failureClass] = combine(failures[failureClass] ?? 0, units);
  }
  return { failures };
}

const noRunCounts: RunCounts = { units: 0, blobs: 0, sourceBytes: 0 };

function addRunCounts(a: RunCounts, b: RunCounts): RunCounts {
  return { units: a.units + b.units, blobs: a.blobs + b.blobs, sourceBytes: a.sourceBytes + b.sourceBytes };
}

function addComparisons(a: PlanComparison, b: PlanComparison = { compared: 0, changed: 0 }): PlanComparison {
  return { compared: a.compared + b.compared, changed: a.changed + b.changed };
}

function addUnits(a: UnitCounts, b: UnitCounts): UnitCounts {
  return {
    done: a.done + b.done,
    found: a.found + b.found,
    empty: a.empty + b.empty,
    failed: a.failed + b.failed,
  };
}

/** Units that need nothing more in this round: done + empty + failed. */
export function finishedUnits(tally: Tally): number {
  return tally.units.done + tally.units.empty + tally.units.failed;
}

/** Returns what a tally counts, for a run that did all of it. */
export function runCounts(tally: Tally): RunCounts {
  return { units: finishedUnits(tally), blobs: tally.blobs.done, sourceBytes: tally.bytes.source };
}

/** Returns what this run has done itself: what its speed is measured by. */
export function doneInRun(tally: Tally): RunCounts {
  const { units, blobs, sourceBytes } = runCounts(tally);
  const { beforeRun: before = noRunCounts } = tally;
  return {
    units: units - before.units,
    blobs: blobs - before.blobs,
    sourceBytes: sourceBytes - before.sourceBytes,
  };
}
