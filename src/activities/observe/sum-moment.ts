import {
  shownMax,
  type CredentialEnd,
  type Moment,
  type MovingUnit,
  type Throttled,
  type Work,
} from '../../domain/moment.js';
import type { SliceBeat } from '../../domain/figures/slice-report.js';
import type { PendingSlice } from './partition-view.js';

/** Sums up what is going on from the heartbeats of the slices that run. */
export function sumMoment(slices: readonly PendingSlice[]): Moment {
  const running = slices.filter((slice) => slice.running);
  const beats = running.flatMap(({ beat }) => (beat === undefined ? [] : [beat]));
  return {
    work: sumWork(running),
    moving: longestMoving(beats),
    throttled: mergedThrottled(beats),
    credentials: firstEnds(beats),
  };
}

function sumWork(running: readonly PendingSlice[]): Work {
  // The slices of a process share its limit.
  const limits = new Map<string, number>();
  for (const { worker = '', beat } of running) {
    limits.set(worker, Math.max(limits.get(worker) ?? 0, beat?.inFlight.most ?? 0));
  }
  return {
    processes: limits.size,
    slices: running.length,
    units: running.reduce((sum, { beat }) => sum + (beat?.inFlight.count ?? 0), 0),
    unitsMax: [...limits.values()].reduce((sum, most) => sum + most, 0),
  };
}

function longestMoving(beats: readonly SliceBeat[]): readonly MovingUnit[] {
  return beats
    .flatMap(({ inFlight }) => inFlight.longest ?? [])
    .sort((a, b) => (a.since < b.since ? -1 : 1))
    .slice(0, shownMax.moving);
}

function mergedThrottled(beats: readonly SliceBeat[]): readonly Throttled[] {
  const merged = new Map<string, Throttled>();
  for (const { what, since, perSecond } of beats.flatMap(({ throttled = [] }) => throttled)) {
    const before = merged.get(what);
    merged.set(what, {
      what,
      perSecond: Math.min(perSecond, before?.perSecond ?? perSecond),
      since: before !== undefined && before.since < since ? before.since : since,
    });
  }
  return [...merged.values()].sort((a, b) => a.perSecond - b.perSecond).slice(0, shownMax.throttled);
}

/** Workers may have different credentials for an account: the one that ends first counts. */
function firstEnds(beats: readonly SliceBeat[]): readonly CredentialEnd[] {
  const first = new Map<string, CredentialEnd>();
  for (const end of beats.flatMap(({ credentials = [] }) => credentials)) {
    const before = first.get(end.what);
    if (before === undefined || end.endsAt < before.endsAt) first.set(end.what, end);
  }
  return [...first.values()].sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1)).slice(0, shownMax.credentials);
}
