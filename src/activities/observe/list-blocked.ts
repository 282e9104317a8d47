import { failureClassRow, isFailureClass } from '../../domain/failure-classes.js';
import type { Blocked } from '../../domain/figures/progress.js';
import type { PendingActivity, PartitionFigures, PendingSlice } from './partition-view.js';

// In a long run, fewer failed attempts than this are normal.
const failingFromAttempt = 5;
// Each attempt of an activity of the root tries its requests for about 15 seconds, and its failures show nowhere else.
const rootFailingFromAttempt = 2;
// These bounds keep their share of a heartbeat of `observe` below 4 KiB.
const blockedMax = 8;
const waitingMax = 4;
const messageLengthMax = 200;

/** What is known of an open partition. */
interface Seen {
  readonly figures: Pick<PartitionFigures, 'blocked' | 'waiting'>;
  readonly slices: readonly PendingSlice[];
}

/**
 * Lists what blocks until somebody acts: what blocks slices of partitions, what running slices have deferred units for,
 * and slices and activities of the root that fail again and again. There is one entry per thing and class, those with
 * the most units first, at most 8. What is seen for the first time is dated `now` (ISO 8601, UTC); `before` is the
 * previous list.
 */
export function listBlocked(seen: {
  readonly partitions: Iterable<Seen>;
  readonly root: readonly PendingActivity[];
  readonly before: readonly Blocked[];
  readonly now: string;
}): readonly Blocked[] {
  const { partitions, root, before, now } = seen;
  const found = [...partitions].flatMap(({ figures, slices }) => [
    ...figures.blocked,
    ...slices.flatMap((slice) => blockedBySlice(slice, now)),
  ]);
  return merged([...root.flatMap((activity) => blockedByRoot(activity, now)), ...found], before, blockedMax);
}

/**
 * Lists what units wait for that may pass by itself, in the same way as {@link listBlocked}, at most 4 entries: what
 * their slices say, and what ended the last attempt of those that do not move.
 */
export function listWaiting(seen: {
  readonly partitions: Iterable<Seen>;
  readonly before: readonly Blocked[];
  readonly now: string;
}): readonly Blocked[] {
  const found = [...seen.partitions].flatMap(({ figures, slices }) => [
    ...figures.waiting,
    ...slices.flatMap((slice) => slice.beat?.waiting ?? waitingSlice(slice, seen.now)),
  ]);
  return merged(found, seen.before, waitingMax);
}

function merged(found: readonly Blocked[], before: readonly Blocked[], entriesMax: number): readonly Blocked[] {
  const known = new Map(before.map((blocked) => [keyOf(blocked), blocked.since]));
  const all = new Map<string, Blocked>();
  for (const blocked of found) {
    const key = keyOf(blocked);
    const same = all.get(key);
    const [since = blocked.since] = [same?.since, known.get(key), blocked.since]
      .filter((time) => time !== undefined)
      .sort();
    all.set(key, {
      ...blocked,
      message: blocked.message.slice(0, messageLengthMax),
      since,
      units: blocked.units + (same?.units ?? 0),
    });
  }
  return [...all.values()].sort((a, b) => b.units - a.units).slice(0, entriesMax);
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

/** A slice between two attempts, or one that has begun another and not got its ledger yet. */
function waitingSlice({ running, beat, lastFailure }: PendingSlice, now: string): readonly Blocked[] {
  if (lastFailure === undefined || !isFailureClass(lastFailure.type)) return [];
  if (running && beat?.phase !== 'claiming') return [];
  const { scope, blocks } = failureClassRow(lastFailure.type);
  if (blocks === true || (scope !== 'target' && scope !== 'account')) return [];
  const { type, message, what = scope } = lastFailure;
  return [
    { what, class: type, message, since: now, units: beat === undefined ? 0 : beat.of - beat.done - beat.failed },
  ];
}

function blockedByRoot({ type, attempt, lastFailure }: PendingActivity, now: string): readonly Blocked[] {
  if (attempt < rootFailingFromAttempt || lastFailure === undefined) return [];
  const failureClass = isFailureClass(lastFailure.type) ? lastFailure.type : 'Unexpected';
  return [{ what: type, class: failureClass, message: lastFailure.message, since: now, units: 0 }];
}

/** Returns a key that identifies an entry, whatever its count and message. */
export function keyOf(blocked: Pick<Blocked, 'what' | 'class'>): string {
  return `${blocked.what} ${blocked.class}`;
}
