import { type CalendarDate, daysInMonth, isYear } from './calendar.js';
import { findFieldPlaces, type FieldPlace, isBeside } from './field-place.js';
import type { Token } from './token.js';

/** A part of a date or time. `shortYear` are the last two digits of a year from 2000 on. */
export type DatePart = 'year' | 'shortYear' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** The token of digits, by its position, that holds these parts. */
export interface DateField {
  readonly token: number;
  readonly parts: readonly DatePart[];
}

/**
 * A date whose fields are spread over tokens, in the order of the name: `2019/07/03` has three of them, `20190703` one.
 */
export type DateRun = readonly DateField[];

/**
 * Finds what may be dates in a name. Only all names of a shape together show whether they are: see {@link validFields}.
 * The same digits may be in several of them: `05-07-2019` is a day of May or of July.
 */
export function findDateRuns(tokens: readonly Token[]): readonly DateRun[] {
  const places = findFieldPlaces(tokens);
  const runs: DateField[][] = [];
  let open: readonly DateField[][] = [];
  for (const [token, { kind, text }] of tokens.entries()) {
    const place = places[token];
    if (kind !== 'digits' || place === undefined) continue;
    open = open.filter((run) => lastToken(run) >= token || continuesRun(run, token, { tokens, places }));
    if (open.some((run) => startsWithYear(run) && lastToken(run) === token)) continue;
    const begun = [...fieldsOf(text, place), ...yearLastFields(token, tokens, places)]
      .map((fields) => fields.map((field) => ({ token, ...field })))
      .filter((run) => validFields(run, tokens) === run.length);
    runs.push(...begun);
    open = [...open, ...begun];
  }
  return runs;
}

const lastToken = (run: DateRun): number => run.at(-1)?.token ?? 0;

/** Adds a token to the run that it continues, if it does. */
function continuesRun(
  run: DateField[],
  token: number,
  { tokens, places }: { readonly tokens: readonly Token[]; readonly places: readonly FieldPlace[] },
): boolean {
  const place = places[token];
  if (place === undefined || !isBeside(lastToken(run), token, tokens, places)) return false;
  const parts = laterParts(tokens[token]?.text ?? '', partOrder[finestRank(run) + 1], place);
  // After a year that is not the first field, the date is complete: what follows is a time, if anything.
  if (
    parts === undefined ||
    (run.length > 1 && !startsWithYear(run) && parts[0] !== 'hour') ||
    validFields([...run, { token, parts }], tokens) <= run.length
  )
    return false;
  run.push({ token, parts });
  return true;
}

/**
 * Returns how many fields of a run, from the first on, are in this name what they are taken for. Where the year comes
 * last, all up to it are, or none.
 */
export function validFields(run: DateRun, tokens: readonly Token[]): number {
  const values: PartValues = {};
  const core = run.findIndex(({ parts }) => parts.some(isYearPart)) + 1;
  for (const [index, field] of run.entries()) {
    if (!readField(field, tokens[field.token]?.text ?? '', values)) return index < core ? 0 : index;
  }
  return run.length;
}

/** Reads the date of a run that is valid in this name. */
export function readDate(run: DateRun, tokens: readonly Token[]): CalendarDate {
  const values: PartValues = {};
  for (const field of run) readField(field, tokens[field.token]?.text ?? '', values);
  const { year = 0, month, day } = values;
  return { year, ...(month !== undefined && { month }), ...(day !== undefined && { day }) };
}

/** How many digits a part has in a token of several parts. */
export const partWidth = (part: DatePart): number => (part === 'year' ? 4 : 2);

/** The parts of a date and time, coarsest first; a short year is as coarse as a year. */
export const partOrder = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** The rank of days in {@link partOrder}. */
export const dayRank = 2;

/** Returns the position of a part in {@link partOrder}. */
export const partRank = (part: DatePart): number => (part === 'shortYear' ? 0 : partOrder.indexOf(part));

/** Tells whether a run has more than a year. */
export const isWholeDate = (run: DateRun): boolean => run.length > 1 || (run[0]?.parts.length ?? 0) > 1;

/**
 * Returns how likely a run is the date that it is taken for, 0 first. Of runs that share digits, the first is taken:
 * `201207` is a month rather than a day of 2020.
 */
export function runRank(run: DateRun): number {
  const parts = run.flatMap((field) => field.parts);
  if (parts.includes('shortYear')) return 3;
  if (parts.includes('day')) return startsWithYear(run) ? 0 : 1;
  if (!isWholeDate(run)) return 5;
  return startsWithYear(run) ? 2 : 4;
}

const startsWithYear = (run: DateRun): boolean => run[0]?.parts[0] === 'year';

type PartValues = Partial<Record<(typeof partOrder)[number], number>>;

const isYearPart = (part: DatePart): boolean => part === 'year' || part === 'shortYear';

/** Returns the rank of the finest part of a run. */
const finestRank = (run: DateRun): number => Math.max(-1, ...run.flatMap(({ parts }) => parts.map(partRank)));

function readField({ parts }: DateField, text: string, values: PartValues): boolean {
  if (parts.length > 1 || parts[0] === 'year') {
    if (text.length !== parts.reduce((width, part) => width + partWidth(part), 0)) return false;
  } else if (text.length > 2) return false;
  let at = 0;
  for (const part of parts) {
    const value = Number(text.slice(at, parts.length > 1 ? at + partWidth(part) : undefined));
    at += partWidth(part);
    values[part === 'shortYear' ? 'year' : part] = part === 'shortYear' ? centuryOfShortYears + value : value;
    if (part === 'shortYear' && value > shortYearMax) return false;
  }
  return arePossible(values);
}

// Blobs whose names have years of two digits are not older than this, and are not counters that begin with 7.
const centuryOfShortYears = 2000;
const shortYearMax = 49;

function arePossible({ year, month, day, hour, minute, second }: PartValues): boolean {
  if (year !== undefined && !isYear(year)) return false;
  if (month !== undefined && (month < 1 || month > 12)) return false;
  // While the year is not known, a leap year allows every day.
  if (day !== undefined && (day < 1 || day > daysInMonth(year ?? 2000, month ?? 1))) return false;
  return (hour ?? 0) <= 23 && (minute ?? 0) <= 59 && (second ?? 0) <= 59;
}

type Fields = readonly { readonly token?: number; readonly parts: readonly DatePart[] }[];

/** Returns what digits may be that begin a date. */
function fieldsOf(text: string, { key }: FieldPlace): readonly Fields[] {
  if (key !== undefined && text.length < 8 && !dateKeys.has(key) && keyParts[key]?.[0] !== 'year') return [];
  return (partsOfWidth[text.length] ?? []).map((parts) => [{ parts }]);
}

// Those with the year first are tried first, which matters where all names are both.
const partsOfWidth: Readonly<Record<number, readonly (readonly DatePart[])[] | undefined>> = {
  4: [['year']],
  6: [
    ['year', 'month'],
    ['shortYear', 'month', 'day'],
    ['month', 'year'],
  ],
  8: [
    ['year', 'month', 'day'],
    ['day', 'month', 'year'],
    ['month', 'day', 'year'],
  ],
  10: [['year', 'month', 'day', 'hour']],
  12: [['year', 'month', 'day', 'hour', 'minute']],
  14: [['year', 'month', 'day', 'hour', 'minute', 'second']],
};

/** Returns what digits may be that begin a date whose year is its last field: `05-07-2019`, `07.2019`. */
function yearLastFields(token: number, tokens: readonly Token[], places: readonly FieldPlace[]): readonly Fields[] {
  const next = [token, ...digitsBeside(token, tokens, places)];
  return yearLast.flatMap((parts): readonly Fields[] => {
    const fields = parts.map((part, at) => ({ token: next[at] ?? -1, parts: [part] }));
    const fits = fields.every(({ token: at, parts: [part] }) => {
      const { key } = places[at] ?? {};
      return at >= 0 && part !== undefined && (key === undefined || keyParts[key]?.includes(part) === true);
    });
    return fits ? [fields] : [];
  });
}

const yearLast: readonly (readonly DatePart[])[] = [
  ['day', 'month', 'year'],
  ['month', 'day', 'year'],
  ['month', 'year'],
];

/** The next two tokens of digits, as far as each is beside the one before it. */
function digitsBeside(first: number, tokens: readonly Token[], places: readonly FieldPlace[]): readonly number[] {
  const beside: number[] = [];
  for (let token = first + 1; token < tokens.length && beside.length < 2; token += 1) {
    if (tokens[token]?.kind === 'literal') continue;
    const isNext = tokens[token]?.kind === 'digits' && isBeside(beside.at(-1) ?? first, token, tokens, places);
    if (!isNext) break;
    beside.push(token);
  }
  return beside;
}

const dateKeys = new Set(['dt', 'date', 'ds', 'time', 'month', 'day', 'hour', 'yearmonth', 'ym', 'ymd']);

function laterParts(
  text: string,
  next: DatePart | undefined,
  { key, before, isAlone, isFile }: FieldPlace,
): readonly DatePart[] | undefined {
  if (next === undefined) return undefined;
  if (key !== undefined && keyParts[key]?.includes(next) !== true) return undefined;
  if (text.length <= 2) return [next];
  if (text.length === 4 && next === 'month') return ['month', 'day'];
  if (next !== 'hour') return undefined;
  if (text.length === 4 && (before === 'T' || (isAlone && !isFile))) return ['hour', 'minute'];
  return text.length === 6 && /[T_]/.test(before) ? ['hour', 'minute', 'second'] : undefined;
}

const keyParts: Readonly<Record<string, readonly DatePart[] | undefined>> = {
  ...{ y: ['year'], yyyy: ['year'], year: ['year'] },
  // Azure's flow logs have m= for both.
  ...{ m: ['month', 'minute'], mm: ['month', 'minute'], mo: ['month'], mon: ['month'], month: ['month'] },
  ...{ d: ['day'], dd: ['day'], day: ['day'], h: ['hour'], hh: ['hour'], hour: ['hour'], hr: ['hour'] },
  ...{ min: ['minute'], minute: ['minute'], s: ['second'], ss: ['second'], sec: ['second'], second: ['second'] },
};
