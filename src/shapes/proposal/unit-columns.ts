import { type DatePart, dayRank, partOrder, partRank } from '../names/date-run.js';
import type { NamePart } from '../names/name-part.js';
import type { Shape } from '../shape.js';
import type { UnitChoice } from './unit-choice.js';

/** What becomes of a part of the name in a proposal. */
export type PartRole =
  | { readonly kind: 'literal' }
  /** A part of the unit's date, which is the column's value. */
  | { readonly kind: 'date'; readonly column: string }
  | { readonly kind: 'column'; readonly column: string }
  /** Repeats the lookup for each of these values. */
  | { readonly kind: 'each'; readonly variable: string; readonly values: EachValues }
  /** Differs among the blobs of a unit. */
  | { readonly kind: 'inside' };

/** The values of an `each` variable. */
export type EachValues =
  | { readonly kind: 'dates'; readonly from: string; readonly to: string; readonly step: '1mo' | '1d' | '1h' }
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'list'; readonly values: readonly string[] };

/** The roles of all parts of a name. */
export interface UnitColumns {
  readonly roles: readonly PartRole[];
  /** The columns of the units file, in the order of the name. */
  readonly columns: readonly string[];
  /** How precise the column of dates is; undefined if there is none. */
  readonly period: (typeof partOrder)[number] | undefined;
  /** Variables that are dates from the column `first` to the column `last`. */
  readonly spans: Readonly<Record<string, EachValues>>;
}

// Each combination is a list request of every unit.
const eachValuesMax = 64;

/**
 * Decides what identifies a unit: folders with dates or words, down to the last of them; if folders have no date, that
 * of the file's name. What comes after that differs inside a unit. Numbers and hashes before it repeat the lookup while
 * they are few, because they number the parts of something; else they are columns too. Names do not show how much time
 * a unit covers: `choice` says so.
 */
export function unitColumns(shape: Shape, parts: readonly NamePart[], choice: UnitChoice): UnitColumns {
  // A container cannot be listed by a pattern: whatever varies in its name comes from the unit.
  const container = parts.findLastIndex(({ element, segment }) => segment === 0 && element.kind !== 'literal');
  const last = Math.max(container, lastOfUnit(shape, parts, choice));
  const names = new Set<string>();
  const columnOf = (wanted: string): string => {
    let name = wanted;
    for (let number = 2; names.has(name); number += 1) name = `${wanted}${String(number)}`;
    names.add(name);
    return name;
  };
  const { finest } = choice;
  const period = periodOf(parts.slice(0, last + 1), finest);
  const isSpan = choice.isSpan && period !== undefined && period !== 'year';
  const limits = isSpan ? [columnOf('first'), columnOf('last')] : [];
  const dateColumn = period === undefined ? '' : columnOf(dateColumns[period]);
  const roles = parts.map((part, index): PartRole => {
    const { element } = part;
    if (element.kind === 'literal') return { kind: 'literal' };
    if (index > last) return { kind: 'inside' };
    if (isPeriod(part, finest)) return { kind: 'date', column: dateColumn };
    // The last part that identifies a unit must not vary inside one.
    const rest = parts.slice(index + 1, last + 1);
    const values = index === last || choice.isBlob ? undefined : eachValues(part, rest);
    const column = columnOf(columnName(part));
    return values === undefined ? { kind: 'column', column } : { kind: 'each', variable: column, values };
  });
  const columns = roles.flatMap((role) => {
    if (role.kind === 'date') return isSpan ? limits : [role.column];
    return role.kind === 'column' ? [role.column] : [];
  });
  const [from = '', to = ''] = limits.map((column) => `{{ ${column} }}`);
  return {
    roles,
    columns: [...new Set(columns)],
    period,
    spans: isSpan ? { [dateColumn]: { kind: 'dates', from, to, step: stepOf(period) } } : {},
  };
}

const dateColumns: Readonly<Record<(typeof partOrder)[number], string>> = {
  ...{ year: 'year', month: 'month', day: 'date' },
  ...{ hour: 'time', minute: 'time', second: 'time' },
};

const stepOf = (period: (typeof partOrder)[number]): '1mo' | '1d' | '1h' =>
  period === 'month' ? '1mo' : period === 'day' ? '1d' : '1h';

/** Returns the position of the last part that identifies a unit; -1 if all blobs are one unit. */
function lastOfUnit(shape: Shape, parts: readonly NamePart[], { finest, isBlob }: UnitChoice): number {
  const last = (is: (part: NamePart) => boolean): number => parts.findLastIndex(is);
  if (isBlob) return last(({ element }) => element.kind !== 'literal');
  const isDate = (part: NamePart): boolean => isPeriod(part, finest);
  const folders = last((part) => !part.isFile && (isDate(part) || isWord(part, shape)));
  // The date of a file distinguishes units if it is more precise than that of the folders.
  const [inFolders, inFile] = [false, true].map((isFile) =>
    parts.filter((part) => part.isFile === isFile && isDate(part)),
  );
  const isFiner = finestOf(inFile ?? []) > Math.max(finestOf(inFolders ?? []), inFolders?.length === 0 ? -1 : dayRank);
  const fileDate = isFiner ? last((part) => part.isFile && isDate(part)) : -1;
  if (folders >= 0 || fileDate >= 0) return Math.max(folders, fileDate);
  const sharded = last((part) => !part.isFile && isShared(part, shape));
  return sharded >= 0 ? sharded : last((part) => part.isFile && isWord(part, shape));
}

const isPeriod = ({ element }: NamePart, finest: number): boolean =>
  element.kind === 'date' && element.date === 0 && element.parts.every((part) => partRank(part) <= finest);

const ranksOf = (parts: readonly NamePart[]): readonly number[] =>
  parts.flatMap(({ element }) => (element.kind === 'date' ? element.parts.map(partRank) : []));

const finestOf = (parts: readonly NamePart[]): number => Math.max(-1, ...ranksOf(parts));

function periodOf(parts: readonly NamePart[], finest: number): UnitColumns['period'] {
  return partOrder[finestOf(parts.filter((part) => isPeriod(part, finest)))];
}

const isWord = (part: NamePart, shape: Shape): boolean =>
  (part.element.kind === 'text' || part.element.kind === 'version') && isShared(part, shape);

/** Many words with hardly more than a blob each name blobs, not units; few folders are units whatever is in them. */
function isShared({ element, isFile }: NamePart, { blobs }: Shape): boolean {
  if (element.kind === 'literal' || element.kind === 'date') return false;
  return element.values.distinct * 2 <= blobs || (!isFile && element.values.list !== undefined);
}

function eachValues({ element }: NamePart, rest: readonly NamePart[]): EachValues | undefined {
  const [datePart, ...moreParts] = element.kind === 'date' ? element.parts : [];
  if (element.kind === 'date' && datePart !== undefined && moreParts.length === 0) {
    if (datePart === 'hour') return { kind: 'range', from: element.padded ? '00' : '0', to: '23' };
    // Of the days in `03072019`, only the whole dates are known, once there are many.
    if (element.values.list === undefined) return allValues[datePart];
    return { kind: 'list', values: element.values.list };
  }
  if (element.kind === 'hash' && element.values.list !== undefined) {
    // The shard of a tenant is computed from its name.
    const isShard = rest.some((part) => part.element.kind !== 'literal' && part.element.kind !== 'date');
    return isShard ? undefined : { kind: 'list', values: element.values.list };
  }
  if (element.kind !== 'number' || element.min > 1) return undefined;
  const { min, max, width, values } = element;
  const isWhole = max - min + 1 === values.distinct && values.distinct <= eachValuesMax;
  const text = (number: number): string => String(number).padStart(width ?? 0, '0');
  return isWhole ? { kind: 'range', from: text(min), to: text(max) } : undefined;
}

const allValues: Partial<Record<DatePart, EachValues>> = {
  month: { kind: 'range', from: '01', to: '12' },
  day: { kind: 'range', from: '01', to: '31' },
  minute: { kind: 'range', from: '00', to: '59' },
  second: { kind: 'range', from: '00', to: '59' },
};

function columnName({ element, key, isFile, segment }: NamePart): string {
  if (key !== undefined) return reserved.has(key.toLowerCase()) ? `${key}_` : key;
  if (element.kind === 'date') return element.parts[0] ?? 'date';
  if (element.kind !== 'text') return element.kind;
  return segment === 0 ? 'container' : isFile ? 'name' : 'folder';
}

// Words of the template language, and what every template sees of its unit.
const reserved = new Set([
  ...['unit', 'empty', 'blank', 'nil', 'null', 'true', 'false', 'and', 'or', 'not', 'contains', 'forloop'],
]);
