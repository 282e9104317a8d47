import type { DateTime } from 'luxon';
import { TemplateError } from '../templates/template-error.js';
import { parseUtcDate } from '../templates/utc-dates.js';
import type { CountedValues } from './counted-values.js';

/** A range of dates, rendered. Either `to` or `days` is set. */
export interface DateRow {
  readonly from: string;
  readonly to: string | undefined;
  readonly days: string | undefined;
  readonly step: { readonly count: number; readonly unit: 'day' | 'hour' | 'month' };
}

/**
 * Returns the dates of a range in UTC, both ends included: `to: 2019-02` ends with the last step in February. They are
 * as precise as `from`, and at least as precise as the step: `2019-02`, `2019-02-01` or `2019-02-01T05:00:00Z`.
 */
export function datesOf({ from, to, days, step }: DateRow): CountedValues {
  const first = parseUtcDate(from);
  const end = to === undefined ? first.plus({ days: dayCount(days) }) : endOf(to);
  if (to !== undefined && end <= first) throw new TemplateError(`the dates end (${to}) before they begin (${from})`);

  const format = formats[Math.max(precisionOf(from), precisions[step.unit])] ?? isoSeconds;
  // Counted from the first date each time: going month by month, a 31st would stay a 28th after February.
  const dateAt = (position: number): DateTime<true> => first.plus({ [step.unit]: position * step.count });
  let length = Math.max(0, Math.floor(end.diff(first, step.unit).as(step.unit) / step.count));
  while (dateAt(length) < end) length += 1;
  return { length, at: (position) => dateAt(position).toFormat(format) };
}

const isoSeconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";
const formats = ['yyyy', 'yyyy-MM', 'yyyy-MM-dd', isoSeconds];
const precisions = { month: 1, day: 2, hour: 3 } as const;

function precisionOf(text: string): number {
  const digits = text
    .trim()
    .replace(/[T ].*$/, '')
    .replaceAll('-', '').length;
  if (/[T ]/.test(text.trim()) || digits > 8) return 3;
  return digits <= 4 ? 0 : digits <= 6 ? 1 : 2;
}

function endOf(to: string): DateTime<true> {
  const last = parseUtcDate(to);
  const precision = precisionOf(to);
  return precision === 0
    ? last.plus({ years: 1 })
    : precision === 1
      ? last.plus({ months: 1 })
      : precision === 2
        ? last.plus({ days: 1 })
        : last.plus({ milliseconds: 1 });
}

function dayCount(days: string | undefined): number {
  if (days !== undefined && /^\d{1,7}$/.test(days.trim())) return Number(days);
  throw new TemplateError(`days: "${days ?? ''}" is not a whole number`);
}
