import { dayRank, partOrder, partRank } from '../names/date-run.js';

/** How much time a unit covers: one of these, all there is, or what its line in the units file says. */
export const unitPeriods = ['year', 'month', 'day', 'hour', 'minute', 'all', 'span'] as const;

/** One of {@link unitPeriods}. */
export type UnitPeriod = (typeof unitPeriods)[number];

/** What is decided about units before a lookup is proposed. */
export interface UnitChoice {
  /** The rank of the finest part of a date that distinguishes units; -1 if dates distinguish none. */
  readonly finest: number;
  /** Whether a unit is a span of time, whose first and last date are columns. */
  readonly isSpan: boolean;
  /** Whether each blob is a unit of its own. */
  readonly isBlob: boolean;
}

/**
 * Makes the choice for a period; without one, a unit covers a day at most. Blobs that cannot be joined are units of
 * their own, whatever the period.
 */
export function unitChoice(period: UnitPeriod | undefined, isBlob: boolean): UnitChoice {
  if (isBlob) return { finest: partOrder.length - 1, isSpan: false, isBlob };
  return { finest: finestOf(period), isSpan: period === 'span', isBlob };
}

function finestOf(period: UnitPeriod | undefined): number {
  if (period === 'all') return -1;
  // No step of a span is finer.
  if (period === 'span') return partRank('hour');
  return period === undefined ? dayRank : partRank(period);
}
