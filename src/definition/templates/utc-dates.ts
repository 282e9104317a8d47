import { DateTime } from 'luxon';
import { TemplateError } from './template-error.js';

/**
 * Reads a date in UTC: ISO text from `2019` to `2019-07-03T04:05:06Z`, without dashes too, or seconds since the epoch
 * as a number or as nine digits or more. Text without a zone is UTC.
 */
export function parseUtcDate(value: unknown): DateTime<true> {
  const text = String(value).trim();
  if (/^(now|today)$/i.test(text)) {
    throw new TemplateError(`"${text}" is not a date`, undefined, 'a template must render the same every day');
  }
  const isEpoch = typeof value === 'number' || /^\d{9,}$/.test(text);
  const date = isEpoch
    ? DateTime.fromSeconds(Number(text), { zone: 'utc' })
    : DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
  if (!date.isValid) throw new TemplateError(`"${text}" is not a date`, undefined, 'write it as 2019-07-03');
  return date;
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
