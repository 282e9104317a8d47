/** A year, month or day in UTC. `month` and `day` are there as far as they are known. */
export interface CalendarDate {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
}

/** Nobody has blobs of other years: there, four digits are a number. */
export const isYear = (year: number): boolean => year >= 1970 && year <= 2099;

/** Returns how many days a month has; months count from 1. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Returns `2019-07-03`, `2019-07` or `2019`. */
export function dateText({ year, month, day }: CalendarDate): string {
  return [year, month, day].flatMap((part) => (part === undefined ? [] : [String(part).padStart(2, '0')])).join('-');
}

/** Returns the coarsest part in which two dates differ, of those that both of them know; undefined if they agree. */
export function differingPart(one: CalendarDate, other: CalendarDate): 'year' | 'month' | 'day' | undefined {
  return (['year', 'month', 'day'] as const).find(
    (part) => one[part] !== undefined && other[part] !== undefined && one[part] !== other[part],
  );
}
