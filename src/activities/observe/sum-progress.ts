import { failureClassRow } from '../../domain/failure-classes.js';
import type { Blocked } from '../../domain/progress.js';
import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import type { PartitionView, PendingSlice } from './partition-view.js';

// A failure of fewer attempts than this is the ordinary noise of a long run.
const failingFromAttempt = 5;
// Progress is beaten with at most 4 KiB.
const blockedMax = 8;
const messageLengthMax = 200;

/** Gives the tally of one partition: what its memo holds, and what its pending slices have beaten. */
export function partitionTally(view: PartitionView): Tally {
  return view.slices.reduce((sum, { beat }) => (beat === undefined ? sum : addTallies(sum, beat.tally)), view.tally);
}

/** Sums the tallies of partitions. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  let sum = emptyTally;
  for (const tally of tallies) sum = addTallies(sum, tally);
  return sum;
}

/**
 * Gives the greater of each figure. Between a slice's last heartbeat and its entry in the memo it is in neither, for a moment: figures
 * that people watch must not go down for that.
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

/**
 * Lists what blocks, over all partitions: what waiting slices wait for, what running ones have put aside, and slices that fail again and
 * again. One entry for each thing and class, the most units first, at most 8. `now` (ISO 8601 UTC) dates what is seen for the first
 * time; `before` is the previous list.
 */
export function listBlocked(
  views: Iterable<PartitionView>,
  before: readonly Blocked[],
  now: string,
): readonly Blocked[] {
  const known = new Map(before.map((blocked) => [keyOf(blocked), blocked.since]));
  const merged = new Map<string, Blocked>();
  const add = (blocked: Blocked): void => {
    const key = keyOf(blocked);
    const same = merged.get(key);
    const since = [same?.since, known.get(key), blocked.since].filter((time) => time !== undefined).sort()[0];
    merged.set(key, {
      ...blocked,
      message: blocked.message.slice(0, messageLengthMax),
      since: since ?? now,
      units: blocked.units + (same?.units ?? 0),
    });
  };
  for (const view of views) {
    for (const blocked of view.blocked) add(blocked);
    for (const slice of view.slices) for (const blocked of blockedBySlice(slice, now)) add(blocked);
  }
  return [...merged.values()].sort((a, b) => b.units - a.units).slice(0, blockedMax);
}

function blockedBySlice({ label, attempt, beat, lastFailure }: PendingSlice, now: string): readonly Blocked[] {
  const found: Blocked[] = [];
  if (beat?.waitsFor !== undefined && failureClassRow(beat.waitsFor.class).blocks === true) {
    found.push({ ...beat.waitsFor, since: now, units: beat.deferred });
  }
  if (attempt >= failingFromAttempt && lastFailure !== undefined) {
    found.push({
      what: `slice ${label}`,
      class: 'SliceFailing',
      message: `${String(attempt - 1)} attempts so far, the last one: ${lastFailure.message}`,
      since: now,
      units: beat === undefined ? 0 : beat.of - beat.done - beat.failed,
    });
  }
  return found;
}

/** Tells two entries apart, whatever their counts and messages. */
export function keyOf(blocked: Pick<Blocked, 'what' | 'class'>): string {
  return `${blocked.what} ${blocked.class}`;
}
