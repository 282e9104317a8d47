import type { DatePart } from '../names/date-run.js';
import { templateOf } from './find-templates.js';
import { globOf, regexOf, regexOfGlob } from './match-patterns.js';
import { isSlash, nameParts, type NamePart } from '../names/name-part.js';
import type { Shape } from '../shape.js';
import { quotedLiteral } from '../shape-pattern.js';
import { type UnitChoice, unitChoice } from './unit-choice.js';
import { type EachValues, type PartRole, type UnitColumns, unitColumns } from './unit-columns.js';

/** What a migration file could say to find the blobs of a shape, and what its units file needs. */
export interface FindProposal {
  /** The columns of the units file. */
  readonly columns: readonly string[];
  /** How precise the column of dates is; null if there is none. */
  readonly period: UnitColumns['period'] | null;
  readonly container: string;
  /** An exact name, if the columns determine all of it; else `prefix`, with `match` or `regex`. */
  readonly blob?: string;
  readonly prefix?: string;
  readonly match?: string;
  readonly regex?: string;
  readonly each: Readonly<Record<string, EachValues>>;
  readonly optional: boolean;
  readonly order: 'name' | 'natural';
  /** For `expect.sequence`. */
  readonly sequence?: string;
  /** Null if the units are spans of time, which names do not show. */
  readonly units: UnitPattern | null;
}

/** How the line of a unit is read from the name of one of its blobs. */
export interface UnitPattern {
  /** A regular expression of whole names, `container/name`, with a group for each part of a column. */
  readonly pattern: string;
  /** The column of each group; with parts, the group is a part of a date. */
  readonly groups: readonly { readonly column: string; readonly parts?: readonly DatePart[] }[];
}

/**
 * Proposes a lookup for the blobs of a shape. `others` are the further shapes that were seen: a glob matches what
 * follows the prefix, or a regular expression if the glob would match their blobs.
 */
export function proposeFind(
  shape: Shape,
  others: readonly Shape[],
  choice: UnitChoice = unitChoice(undefined, false),
): FindProposal {
  const parts = nameParts(shape, choice.finest);
  const { roles, columns, period = null, spans } = unitColumns(shape, parts, choice);
  const firstSlash = parts.findIndex(({ element }) => isSlash(element));
  const cut = cutOf(parts, roles, firstSlash + 1);
  const rest = parts.slice(cut);
  const path = templateOf(parts.slice(firstSlash + 1, cut), roles.slice(firstSlash + 1, cut));
  const repeated = roles.flatMap((role) => (role.kind === 'each' ? [[role.variable, role.values] as const] : []));
  const each = { ...spans, ...Object.fromEntries(repeated) };
  const isSpan = Object.keys(spans).length > 0;
  const repeatsContainers = roles
    .slice(0, firstSlash)
    .some(({ kind }) => kind === 'each' || (kind === 'date' && isSpan));
  const isExact = rest.length === 0;
  const number = rest.findLastIndex(({ element, isFile }) => isFile && element.kind === 'number');
  const grows = rest.some(({ element, isFile }) => isFile && element.kind === 'number' && element.width === null);
  return {
    // Every unit has a line with something in it.
    columns: columns.length > 0 ? columns : ['container'],
    period,
    container: columns.length > 0 ? templateOf(parts.slice(0, firstSlash), roles) : '{{ container }}',
    ...(isExact ? { blob: path } : { prefix: path, ...matchOf(parts, cut, others) }),
    each,
    optional: repeatsContainers || (isExact && Object.keys(each).length > 0),
    order: grows ? 'natural' : 'name',
    ...(number >= 0 && shape.sequence !== null && shape.sequence.start <= 1
      ? { sequence: sequencePattern(rest, number) }
      : {}),
    units: isSpan ? null : unitPattern(parts, roles, columns.length > 0),
  };
}

/** Returns where the prefix ends: after what the unit determines of the name, and after the next slash or separator. */
function cutOf(parts: readonly NamePart[], roles: readonly PartRole[], pathStart: number): number {
  const inside = roles.findIndex(({ kind }) => kind === 'inside');
  if (inside < 0) return parts.length;
  const told = Math.max(pathStart, roles.slice(0, inside).findLastIndex(({ kind }) => kind !== 'literal') + 1);
  const slash = parts.findLastIndex(({ element }, index) => index >= told && index < inside && isSlash(element));
  if (slash >= 0) return slash + 1;
  // Inside a segment, the separator keeps a unit from matching the blobs of one whose name is longer.
  return roles[told - 1]?.kind === 'literal' ? told : inside;
}

function matchOf(parts: readonly NamePart[], cut: number, others: readonly Shape[]) {
  const [before, rest] = [parts.slice(0, cut), parts.slice(cut)];
  const byGlob = new RegExp(`^${regexOf(before)}${regexOfGlob(rest)}$`, 'u');
  const takesOthers = others.some(({ samples }) =>
    samples.some(({ container, name }) => byGlob.test(`${container}/${name}`)),
  );
  const endsAtValue = before.at(-1)?.element.kind !== 'literal' && before.length > 0;
  return takesOthers || endsAtValue ? { regex: `^${regexOf(rest)}$` } : { match: globOf(rest) };
}

/** Captures the number of a file's name, with what is around it inside the file's name. */
function sequencePattern(rest: readonly NamePart[], number: number): string {
  const before = rest[number - 1];
  const separator = before?.element.kind === 'literal' ? before.element.text.slice(-1) : '';
  const literal: NamePart[] =
    separator === '' ? [] : [{ ...(before as NamePart), element: { kind: 'literal', text: separator } }];
  return `${regexOf(literal)}(${String.raw`\d+`})${regexOf(rest.slice(number + 1))}$`;
}

function unitPattern(parts: readonly NamePart[], roles: readonly PartRole[], hasColumns: boolean): UnitPattern {
  const groups: UnitPattern['groups'][number][] = [];
  const pattern = parts.map((part, index) => {
    const role = roles[index];
    const text = regexOf([part]);
    if (role?.kind !== 'column' && role?.kind !== 'date') return text;
    const { element } = part;
    groups.push({
      column: role.column,
      ...(role.kind === 'date' && element.kind === 'date' && { parts: element.parts }),
    });
    // A few words are meant literally: others belong to other shapes.
    const list = element.kind === 'text' ? element.values.list : undefined;
    return list === undefined ? `(${text})` : `(${list.map(quotedLiteral).join('|')})`;
  });
  if (hasColumns) return { pattern: `^${pattern.join('')}$`, groups };
  return {
    pattern: `^([^/]+)${pattern.slice(parts.findIndex(({ element }) => isSlash(element))).join('')}$`,
    groups: [{ column: 'container' }],
  };
}
