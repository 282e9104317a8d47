import { type CalendarDate, daysInMonth, isYear } from './calendar.js';
import type { Token } from './token.js';

/** A part of a date or time. */
export type DatePart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** The token of digits, by its position, that holds these parts. */
export interface DateField {
  readonly token: number;
  readonly parts: readonly DatePart[];
}

/** A date whose fields are spread over tokens, coarsest first: `2019/07/03` has three of them, `20190703` one. */
export type DateRun = readonly DateField[];

/**
 * Finds what may be dates in a name. Whether they are is for all names of a shape to tell: see {@link validFields}.
 */
export function findDateRuns(tokens: readonly Token[]): readonly DateRun[] {
  const places = placesOf(tokens);
  const runs: DateField[][] = [];
  let run: DateField[] = [];
  for (const [token, { kind, text }] of tokens.entries()) {
    const place = places[token];
    if (kind !== 'digits' || place === undefined) continue;
    const isNext = run.length > 0 && isBeside(run.at(-1)?.token ?? 0, token, tokens, places);
    const later = isNext ? laterParts(text, lastPart(run), place) : undefined;
    if (later !== undefined && validFields([...run, { token, parts: later }], tokens) > run.length) {
      run.push({ token, parts: later });
      continue;
    }
    const first = firstParts(text, place);
    run = [];
    if (first === undefined || validFields([{ token, parts: first }], tokens) === 0) continue;
    run.push({ token, parts: first });
    runs.push(run);
  }
  return runs;
}

/** Returns how many fields of a run are what they are taken for in this name, from the first on. */
export function validFields(run: DateRun, tokens: readonly Token[]): number {
  const values: Partial<Record<DatePart, number>> = {};
  for (const [index, field] of run.entries()) {
    if (!readField(field, tokens[field.token]?.text ?? '', values)) return index;
  }
  return run.length;
}

/** Reads the date of a run that is valid in this name. */
export function readDate(run: DateRun, tokens: readonly Token[]): CalendarDate {
  const values: Partial<Record<DatePart, number>> = {};
  for (const field of run) readField(field, tokens[field.token]?.text ?? '', values);
  const { year = 0, month, day } = values;
  return { year, ...(month !== undefined && { month }), ...(day !== undefined && { day }) };
}

/** How many digits a part has in a token of several parts. */
export const partWidth = (part: DatePart): number => (part === 'year' ? 4 : 2);

const order: readonly DatePart[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];

const lastPart = (run: DateRun): DatePart => run.at(-1)?.parts.at(-1) ?? 'year';

function readField({ parts }: DateField, text: string, values: Partial<Record<DatePart, number>>): boolean {
  if (parts.length > 1 || parts[0] === 'year') {
    if (text.length !== parts.reduce((width, part) => width + partWidth(part), 0)) return false;
  } else if (text.length > 2) return false;
  let at = 0;
  for (const part of parts) {
    const value = Number(text.slice(at, parts.length > 1 ? at + partWidth(part) : undefined));
    at += partWidth(part);
    values[part] = value;
    if (!isPossible(part, value, values)) return false;
  }
  return true;
}

function isPossible(
  part: DatePart,
  value: number,
  { year = 0, month = 1 }: Partial<Record<DatePart, number>>,
): boolean {
  switch (part) {
    case 'year':
      return isYear(value);
    case 'month':
      return value >= 1 && value <= 12;
    case 'day':
      return value >= 1 && value <= daysInMonth(year, month);
    case 'hour':
      return value <= 23;
    case 'minute':
    case 'second':
      return value <= 59;
  }
}

/** Where a token is. */
interface Place {
  readonly segment: number;
  readonly isFile: boolean;
  /** Whether it is a whole segment, apart from a key before it. */
  readonly isAlone: boolean;
  /** The key before it, as in `month=07` or `y2019`, in lower case. */
  readonly key: string | undefined;
  /** The character before it. */
  readonly before: string;
}

function placesOf(tokens: readonly Token[]): readonly Place[] {
  let segment = 0;
  const segments = tokens.map(({ kind, text }) => {
    const own = segment;
    if (kind === 'literal') segment += text.split('/').length - 1;
    return own;
  });
  return tokens.map(({ kind }, index) => {
    const before = tokens[index - 1];
    const literal = before?.kind === 'literal' ? before.text : '';
    const after = tokens[index + 1];
    const key = /(?:^|[^A-Za-z])([A-Za-z][A-Za-z0-9]*)=?$/.exec(literal)?.[1]?.toLowerCase();
    const startsSegment = before === undefined || /\/(?:[A-Za-z0-9]+=?)?$/.test(literal);
    const endsSegment = after === undefined || (after.kind === 'literal' && /^[/.]/.test(after.text));
    return {
      segment: segments[index] ?? 0,
      isFile: segments[index] === segment && kind !== 'literal',
      isAlone: startsSegment && endsSegment,
      key: key === 't' ? undefined : key,
      before: literal.at(-1) ?? '',
    };
  });
}

/** Tells whether a token may continue the date that ended with another one. */
function isBeside(last: number, token: number, tokens: readonly Token[], places: readonly Place[]): boolean {
  const between = tokens.slice(last + 1, token);
  if (between.every(({ kind }) => kind === 'literal')) return true;
  // `2019/customer/07/03.json`: other folders in between. With more in a file's name, two digits are a number.
  const place = places[token];
  return place?.isAlone === true && places[last]?.segment !== place.segment;
}

function firstParts(text: string, { key }: Place): readonly DatePart[] | undefined {
  if (key !== undefined && text.length < 8 && !dateKeys.has(key) && keyParts[key]?.[0] !== 'year') return undefined;
  const count = partsOfWidth[text.length];
  return count === undefined ? undefined : order.slice(0, count);
}

const partsOfWidth: Readonly<Record<number, number | undefined>> = { 4: 1, 6: 2, 8: 3, 10: 4, 12: 5, 14: 6 };
const dateKeys = new Set(['dt', 'date', 'ds', 'time', 'month', 'day', 'hour', 'yearmonth', 'ym', 'ymd']);

function laterParts(text: string, last: DatePart, { key, before, isAlone, isFile }: Place) {
  const next = order[order.indexOf(last) + 1];
  if (next === undefined) return undefined;
  if (key !== undefined && keyParts[key]?.includes(next) !== true) return undefined;
  if (text.length <= 2) return [next];
  if (text.length === 4 && next === 'month') return ['month', 'day'] as const;
  if (next !== 'hour') return undefined;
  if (text.length === 4 && (before === 'T' || (isAlone && !isFile))) return ['hour', 'minute'] as const;
  return text.length === 6 && /[T_]/.test(before) ? (['hour', 'minute', 'second'] as const) : undefined;
}

const keyParts: Readonly<Record<string, readonly DatePart[] | undefined>> = {
  ...{ y: ['year'], yyyy: ['year'], year: ['year'] },
  // Azure's flow logs have m= for both.
  ...{ m: ['month', 'minute'], mm: ['month', 'minute'], mo: ['month'], mon: ['month'], month: ['month'] },
  ...{ d: ['day'], dd: ['day'], day: ['day'], h: ['hour'], hh: ['hour'], hour: ['hour'], hr: ['hour'] },
  ...{ min: ['minute'], minute: ['minute'], s: ['second'], ss: ['second'], sec: ['second'], second: ['second'] },
};
