import type { Definition } from '../domain/definition.js';
import { definitionDigest } from './definition-digest.js';
import { formatPath, type FieldPath } from './field-path.js';

/** A value that differs between two definitions; undefined where it is missing. */
export interface DefinitionChange {
  /** For example `find[0].prefix`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Returns the differences between two definitions, in the order of their fields. */
export function describeChanges(before: Definition, after: Definition): readonly DefinitionChange[] {
  return [...changes(before, after, [])];
}

/** Formats a change as `target.key: "a" → "b"`. */
export function formatChange({ path, before, after }: DefinitionChange): string {
  return `${path}: ${valueText(before)} → ${valueText(after)}`;
}

/**
 * Reports whether two definitions produce the same objects, so that one may replace the other while the migration runs.
 */
export function isSafeChange(before: Definition, after: Definition): boolean {
  return definitionDigest(before) === definitionDigest(after);
}

function* changes(before: unknown, after: unknown, path: FieldPath): Generator<DefinitionChange> {
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    if (before !== after) yield { path: formatPath(path), before, after };
    return;
  }
  const [names, newNames] = [Object.keys(before), Object.keys(after)];
  for (const name of new Set([...names, ...newNames])) {
    yield* changes(own(before, name), own(after, name), [...path, Array.isArray(before) ? Number(name) : name]);
  }
  // The only place where the order of names has a meaning.
  const isSameSet = names.length === newNames.length && names.every((name) => newNames.includes(name));
  if (path[0] === 'find' && path[2] === 'each' && path.length === 3 && isSameSet && names.join() !== newNames.join()) {
    yield { path: formatPath(path), before: names, after: newNames };
  }
}

type Branch = Readonly<Record<string, unknown>>;

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;

const own = (branch: Branch, name: string): unknown => (Object.hasOwn(branch, name) ? branch[name] : undefined);

const valueText = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
