/** Summed counts of a slice, partition or migration; the fields are those of `status --json`. */
export interface Tally {
  readonly units: {
    /** Proven in place; `found` is the part of it that was already there. */
    readonly done: number;
    readonly found: number;
    readonly empty: number;
    readonly failed: number;
  };
  readonly blobs: { readonly done: number };
  readonly bytes: { readonly source: number; readonly raw: number; readonly target: number };
}

export const emptyTally: Tally = {
  units: { done: 0, found: 0, empty: 0, failed: 0 },
  blobs: { done: 0 },
  bytes: { source: 0, raw: 0, target: 0 },
};

/** Adds two tallies field by field. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    units: {
      done: a.units.done + b.units.done,
      found: a.units.found + b.units.found,
      empty: a.units.empty + b.units.empty,
      failed: a.units.failed + b.units.failed,
    },
    blobs: { done: a.blobs.done + b.blobs.done },
    bytes: {
      source: a.bytes.source + b.bytes.source,
      raw: a.bytes.raw + b.bytes.raw,
      target: a.bytes.target + b.bytes.target,
    },
  };
}

/** Units that need nothing more in this round: done + empty + failed. */
export function finishedUnits(tally: Tally): number {
  return tally.units.done + tally.units.empty + tally.units.failed;
}
