import type { NamePart } from '../names/name-part.js';
import type { Shape } from '../shape.js';

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
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'list'; readonly values: readonly string[] };

/** The roles of all parts of a name. */
export interface UnitColumns {
  readonly roles: readonly PartRole[];
  /** The columns of the units file, in the order of the name. */
  readonly columns: readonly string[];
  /** How precise the column of dates is; undefined if there is none. */
  readonly period: 'year' | 'month' | 'day' | undefined;
}

// Each combination is a list request of every unit.
const eachValuesMax = 64;

/**
 * Decides what identifies a unit: folders with dates or words, down to the last of them; if folders have no date, that
 * of the file's name. What comes after that differs inside a unit. Numbers and hashes before it repeat the lookup
 * while they are few, because they number the parts of something; else they are columns too.
 */
export function unitColumns(shape: Shape, parts: readonly NamePart[]): UnitColumns {
  // A container cannot be listed by a pattern: whatever varies in its name is told by the unit.
  const container = parts.findLastIndex(({ element, segment }) => segment === 0 && element.kind !== 'literal');
  const last = Math.max(container, lastOfUnit(shape, parts));
  const names = new Set<string>();
  const columnOf = (wanted: string): string => {
    let name = wanted;
    for (let number = 2; names.has(name); number += 1) name = `${wanted}${String(number)}`;
    names.add(name);
    return name;
  };
  const period = periodOf(parts.slice(0, last + 1));
  const dateColumn = period === undefined ? '' : columnOf({ year: 'year', month: 'month', day: 'date' }[period]);
  const roles = parts.map((part, index): PartRole => {
    const { element } = part;
    if (element.kind === 'literal') return { kind: 'literal' };
    if (index > last) return { kind: 'inside' };
    if (isPeriod(part)) return { kind: 'date', column: dateColumn };
    // What alone tells units apart is no part of one.
    const values = index === last ? undefined : eachValues(part);
    const column = columnOf(columnName(part));
    return values === undefined ? { kind: 'column', column } : { kind: 'each', variable: column, values };
  });
  const columns = roles.flatMap((role) => (role.kind === 'date' || role.kind === 'column' ? [role.column] : []));
  return { roles, columns: [...new Set(columns)], period };
}

/** The position of the last part that identifies a unit; -1 if all blobs are one unit. */
function lastOfUnit(shape: Shape, parts: readonly NamePart[]): number {
  const last = (is: (part: NamePart) => boolean): number => parts.findLastIndex(is);
  const folders = last((part) => !part.isFile && (isPeriod(part) || isWord(part, shape)));
  const hasDate = parts.some((part) => !part.isFile && isPeriod(part));
  const fileDate = hasDate ? -1 : last((part) => part.isFile && isPeriod(part));
  if (folders >= 0 || fileDate >= 0) return Math.max(folders, fileDate);
  const sharded = last((part) => !part.isFile && isShared(part, shape));
  return sharded >= 0 ? sharded : last((part) => part.isFile && isWord(part, shape));
}

const isPeriod = ({ element }: NamePart): boolean =>
  element.kind === 'date' && element.date === 0 && ['year', 'month', 'day'].includes(element.parts[0] ?? '');

function periodOf(parts: readonly NamePart[]): UnitColumns['period'] {
  const all = parts.flatMap((part) => (isPeriod(part) && part.element.kind === 'date' ? part.element.parts : []));
  if (all.includes('day')) return 'day';
  return all.includes('month') ? 'month' : all.includes('year') ? 'year' : undefined;
}

const isWord = (part: NamePart, shape: Shape): boolean =>
  (part.element.kind === 'text' || part.element.kind === 'version') && isShared(part, shape);

/** Many words with hardly more than a blob each name blobs, not units; few folders are units whatever is in them. */
function isShared({ element, isFile }: NamePart, { blobs }: Shape): boolean {
  if (element.kind === 'literal' || element.kind === 'date') return false;
  return element.values.distinct * 2 <= blobs || (!isFile && element.values.list !== undefined);
}

function eachValues({ element }: NamePart): EachValues | undefined {
  if (element.kind === 'date' && element.parts.length === 1) {
    if (element.parts[0] === 'hour') return { kind: 'range', from: element.padded ? '00' : '0', to: '23' };
    return element.values.list === undefined ? undefined : { kind: 'list', values: element.values.list };
  }
  if (element.kind === 'hash' && element.values.list !== undefined)
    return { kind: 'list', values: element.values.list };
  if (element.kind !== 'number' || element.min > 1) return undefined;
  const { min, max, width, values } = element;
  const isWhole = max - min + 1 === values.distinct && values.distinct <= eachValuesMax;
  const text = (number: number): string => String(number).padStart(width ?? 0, '0');
  return isWhole ? { kind: 'range', from: text(min), to: text(max) } : undefined;
}

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
