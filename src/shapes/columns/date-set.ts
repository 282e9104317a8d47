import { type CalendarDate, dateText, daysInMonth } from '../names/calendar.js';

/** What a {@link DateSet} says about its dates. */
export interface DateSpan {
  readonly first: string;
  readonly last: string;
  readonly precision: 'year' | 'month' | 'day';
  /** How many days, months or years between the first and the last do not occur; null if not all names were seen. */
  readonly missing: number | null;
  /** The first of them. */
  readonly firstMissing: readonly string[];
}

/**
 * A set of dates: a number of 32 bits for each month that occurs. Years are bounded, so a set has at most 1,560 of
 * them.
 */
export class DateSet {
  readonly #months: Map<number, number>;

  constructor(months: Iterable<readonly [number, number]> = []) {
    this.#months = new Map(months);
  }

  add({ year, month = 0, day = 0 }: CalendarDate): void {
    const key = year * 100 + month;
    this.#months.set(key, (this.#months.get(key) ?? 0) | (1 << day));
  }

  merge(other: DateSet): void {
    for (const [month, days] of other.#months) this.#months.set(month, (this.#months.get(month) ?? 0) | days);
  }

  /** Returns first and last date and the gaps between them, as precisely as asked; undefined for an empty set. */
  span(precision: DateSpan['precision']): DateSpan | undefined {
    const present = new Set<string>();
    for (const [key, days] of this.#months) {
      const year = Math.floor(key / 100);
      const month = key % 100;
      if (precision === 'year') present.add(dateText({ year }));
      else if (precision === 'month') present.add(dateText({ year, month }));
      else {
        for (let day = 1; day <= 31; day += 1) {
          if ((days & (1 << day)) !== 0) present.add(dateText({ year, month, day }));
        }
      }
    }
    const ordered = [...present].sort();
    const [first, last] = [ordered[0], ordered.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const missing = [...datesBetween(first, last, precision)].filter((date) => !present.has(date));
    return { first, last, precision, missing: missing.length, firstMissing: missing.slice(0, shownMax) };
  }

  store(): readonly (readonly [number, number])[] {
    return [...this.#months];
  }
}

const shownMax = 5;

function* datesBetween(first: string, last: string, precision: DateSpan['precision']): Generator<string> {
  const [year = 0, month = 1, day = 1] = first.split('-').map(Number);
  const lastYear = Number(last.slice(0, 4));
  for (let y = year; y <= lastYear; y += 1) {
    if (precision === 'year') yield dateText({ year: y });
    for (let m = y === year ? month : 1; precision !== 'year' && m <= 12; m += 1) {
      if (precision === 'month') yield* upTo(dateText({ year: y, month: m }), last);
      const firstDay = y === year && m === month ? day : 1;
      for (let d = firstDay; precision === 'day' && d <= daysInMonth(y, m); d += 1) {
        yield* upTo(dateText({ year: y, month: m, day: d }), last);
      }
    }
  }
}

const upTo = (date: string, last: string): readonly string[] => (date <= last ? [date] : []);
