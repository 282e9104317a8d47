import type { Blocked } from '../../domain/figures/progress.js';

// These bounds keep a memo below about 2 KiB.
const entriesMax = 4;
const messageLengthMax = 200;

/** Merges what slices wait for into one entry per thing and class, sorted by units and short enough for a memo. */
export function blockedList(waiting: Iterable<Blocked>): readonly Blocked[] {
  const merged = new Map<string, Blocked>();
  for (const one of waiting) {
    const key = `${one.what} ${one.class}`;
    const before = merged.get(key);
    merged.set(key, {
      what: one.what,
      class: one.class,
      message: one.message.slice(0, messageLengthMax),
      since: before === undefined || one.since < before.since ? one.since : before.since,
      units: (before?.units ?? 0) + one.units,
    });
  }
  return [...merged.values()].sort((a, b) => b.units - a.units).slice(0, entriesMax);
}
