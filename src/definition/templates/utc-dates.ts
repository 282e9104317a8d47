import { DateTime } from 'luxon';
import { TemplateError } from './template-error.js';

/**
 * Reads a date in UTC: ISO text from `2019` to `2019-07-03T04:05:06Z`, or only digits, whose number says what they are:
 * `2019`, `201907`, `20190703`, `2019070304` or `201907030405`. Text without a zone is UTC. Digits are never seconds
 * since 1970, because nothing in them tells the two apart.
 */
export function parseUtcDate(value: unknown): DateTime<true> {
  const text = String(value).trim();
  if (/^(now|today)$/i.test(text)) {
    throw new TemplateError(`"${text}" is not a date`, undefined, 'a template must render the same every day');
  }
  const date = /^\d+$/.test(text) ? parseDigits(text) : parseIso(text);
  if (!date?.isValid) throw new TemplateError(`"${text}" is not a date`, undefined, 'write it as 2019-07-03');
  if (date.year >= yearMin && date.year <= yearMax) return date;
  throw new TemplateError(`"${text}" is not in a year from ${String(yearMin)} to ${String(yearMax)}`);
}

// Nobody has blobs of other years: it is a mistyped date, or a number that is not a date.
const yearMin = 1900;
const yearMax = 2200;

const digitFormats: Readonly<Record<number, string | undefined>> = {
  4: 'yyyy',
  6: 'yyyyMM',
  8: 'yyyyMMdd',
  10: 'yyyyMMddHH',
  12: 'yyyyMMddHHmm',
};

type MaybeDate = DateTime<true> | DateTime<false> | undefined;

function parseDigits(text: string): MaybeDate {
  const format = digitFormats[text.length];
  if (format === undefined) {
    const hint = 'digits are read as yyyy, yyyyMM, yyyyMMdd, yyyyMMddHH or yyyyMMddHHmm';
    throw new TemplateError(`"${text}" is not a date`, undefined, hint);
  }
  const date = DateTime.fromFormat(text, format, { zone: 'utc' });
  // An hour 24 would be one of the next day.
  return date.toFormat(format) === text ? date : undefined;
}

// A time without a date would be one of today.
function parseIso(text: string): MaybeDate {
  return /^[+-]?\d{4}/.test(text) ? DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' }) : undefined;
}

/** Formats a date as strftime does, in English; `%-d` omits the padding. */
export function formatUtcDate(date: DateTime<true>, format: string): string {
  return format.replace(/%(-?)(.?)/gsu, (_, flag: string, letter: string) => {
    const directive = directives[letter];
    if (directive === undefined) {
      throw new TemplateError(`date: unknown directive "%${flag}${letter}"`, undefined, 'as in "%Y-%m-%d"');
    }
    const text = typeof directive === 'string' ? date.toFormat(directive, { locale: 'en-US' }) : directive(date);
    return flag === '' ? text : text.replace(/^[0 ]+(?=\d)/, '');
  });
}

const directives: Readonly<Record<string, string | ((date: DateTime<true>) => string) | undefined>> = {
  Y: 'yyyy',
  y: 'yy',
  m: 'MM',
  d: 'dd',
  e: ({ day }) => String(day).padStart(2, ' '),
  j: 'ooo',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  S: 'ss',
  L: 'SSS',
  p: 'a',
  b: 'MMM',
  h: 'MMM',
  B: 'MMMM',
  a: 'ccc',
  A: 'cccc',
  u: 'c',
  w: ({ weekday }) => String(weekday % 7),
  G: 'kkkk',
  V: 'WW',
  s: (date) => String(Math.floor(date.toSeconds())),
  F: 'yyyy-MM-dd',
  T: 'HH:mm:ss',
  R: 'HH:mm',
  z: () => '+0000',
  Z: () => 'UTC',
  '%': () => '%',
};
