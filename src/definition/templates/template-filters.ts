import { HashText, hashOf } from './hash-text.js';
import { TemplateError } from './template-error.js';
import { formatUtcDate, parseUtcDate } from './utc-dates.js';

/** Longhaul's own filters and replacements of Liquid's, by name. */
export const templateFilters = {
  /** `{{ tenant | hash: 'md5' }}`: hexadecimal digits. */
  hash: (value: unknown, algorithm: unknown) => hashOf(textOf(value), algorithm),

  /** `{{ n | mod: 16 }}`: the remainder of a number or a hash, from 0. */
  mod: (value: unknown, divisor: unknown) => {
    const by = Number(textOf(divisor));
    if (!Number.isSafeInteger(by) || by < 1) {
      throw new TemplateError('mod: the divisor is not a whole number above 0', undefined, 'write it as mod: 16');
    }
    const whole = BigInt(by);
    return Number(((wholeOf(value) % whole) + whole) % whole);
  },

  /** `{{ day | pad: 2 }}`: adds zeros on the left. */
  pad: (value: unknown, width: unknown) => {
    const length = Number(textOf(width));
    if (!Number.isInteger(length) || length < 1 || length > padMax) {
      throw new TemplateError(
        `pad: the width is not a number from 1 to ${String(padMax)}`,
        undefined,
        'write it as pad: 2',
      );
    }
    return textOf(value).padStart(length, '0');
  },

  /** `{{ month | days_in_month }}`: 28 to 31. */
  days_in_month: (value: unknown) => parseUtcDate(value).daysInMonth,

  /**
   * `{{ day | date: '%Y/%m/%d' }}`: Liquid's own uses the time zone of the machine, and is an hour off where its clocks
   * change.
   */
  date: (value: unknown, format: unknown) => {
    if (typeof format !== 'string') {
      throw new TemplateError('date: there is no format', undefined, "write it as date: '%Y-%m-%d'");
    }
    return dateText(String(value), format);
  },
} as const;

const dateTexts = new Map<string, string>();

// The units of a file share their days and months, and reading one takes longer than all else in most templates.
const dateTextsMax = 4_096;

/** Formats a date, and remembers the result. */
function dateText(date: string, format: string): string {
  const key = `${format}\0${date}`;
  const known = dateTexts.get(key);
  if (known !== undefined) return known;
  const text = formatUtcDate(parseUtcDate(date), format);
  if (dateTexts.size >= dateTextsMax) dateTexts.clear();
  dateTexts.set(key, text);
  return text;
}

/**
 * Slices text as Liquid does; a slice of a hash stays a hash, so that `mod` never takes its digits for a decimal
 * number.
 */
export function slice(value: unknown, begin: unknown, length: unknown): unknown {
  const whole = Array.isArray(value) ? (value as unknown[]) : textOf(value);
  const first = Number(begin);
  const count = length === undefined ? 1 : Number(length);
  if (!Number.isInteger(first) || !Number.isInteger(count)) {
    throw new TemplateError('slice: it needs a position and a length', undefined, 'write it as slice: 0, 4');
  }
  const start = first < 0 ? first + whole.length : first;
  const part = start < 0 || count < 1 ? whole.slice(0, 0) : whole.slice(start, start + count);
  return value instanceof HashText && typeof part === 'string' ? new HashText(part) : part;
}

// The longest segment of a key; more padding than that is a mistake.
const padMax = 255;

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof HashText) return value.hex;
  throw new TemplateError('the filter needs text or a number');
}

// Text of 32, 40 or 64 hexadecimal digits is a hash; eight decimal digits could as well be a date.
function wholeOf(value: unknown): bigint {
  const text = textOf(value).trim();
  if (value instanceof HashText || /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) {
    return BigInt(`0x${text === '' ? '0' : text}`);
  }
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace(/^\+/, ''));
  throw new TemplateError(
    `mod: "${text}" is neither a whole number nor a hash`,
    undefined,
    "hash it first: hash: 'md5'",
  );
}
