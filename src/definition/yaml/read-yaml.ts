import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Alias, type Node, type Scalar } from 'yaml';
import type { DefinitionProblem } from '../definition-problems.js';
import { formatPath, type FieldPath } from '../field-path.js';
import { resolveAliases } from './resolve-aliases.js';
import { positionsOf, type SourcePositions } from './source-positions.js';

/** A YAML text as plain values, with their positions. */
export interface YamlValues {
  readonly value: unknown;
  readonly positions: SourcePositions;
  /** Whether `value` has a meaning: false where the text is not YAML at all. */
  readonly isWhole: boolean;
  /** Problems of the YAML itself. */
  readonly problems: readonly DefinitionProblem[];
}

/** Rules that depend on the place of a value in the text. */
export interface YamlRules {
  /** Tells whether the value at a path is text, whatever it looks like. */
  readonly isText: (path: FieldPath) => boolean;
  /** Tells whether a message may show the value at a path. */
  readonly isShown: (path: FieldPath) => boolean;
}

/** Most characters of a migration file. Data belongs in the units file. */
const charactersMax = 262_144;

// Aliases may repeat a section; a handful of lines must not grow into millions of values.
const valuesMax = 100_000;
const depthMax = 32;

/**
 * Reads YAML 1.2. Scalars that are text by `isText` stay as written, so that `01` stays `01`; all others follow the
 * core schema.
 */
export function readYaml(text: string, { isText, isShown }: YamlRules): YamlValues {
  const lines = new LineCounter();
  const isTooLong = text.length > charactersMax;
  // Names are compared here instead of in the library, which compares each with each.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' } as const;
  const document = parseDocument(isTooLong ? '' : text, options);
  const aliases = resolveAliases(document);
  const positions = positionsOf({ document, lines, text: isTooLong ? '' : text, aliases, isShown });
  if (isTooLong) {
    const message = `the file has more than ${String(charactersMax / 1024)} KiB`;
    const hint = 'a list of that length belongs into the units file';
    return { value: undefined, positions, isWhole: false, problems: [{ line: 1, column: 1, path: '', message, hint }] };
  }
  const problems = [...document.errors, ...document.warnings].map(({ pos, message, code }): DefinitionProblem => {
    const { line, col } = lines.linePos(pos[0]);
    const hint = yamlHints[code];
    return { line, column: col, path: '', message: `YAML: ${message}`, ...(hint === undefined ? {} : { hint }) };
  });
  if (problems.length > 0) return { value: undefined, positions, isWhole: false, problems };

  const found: DefinitionProblem[] = [];
  const walk = { lines, aliases, isText, positions, problems: found, values: 0 };
  const value = toValue(walk, document.contents, []);
  return { value, positions, isWhole: walk.values <= valuesMax, problems: found };
}

const yamlHints: Readonly<Record<string, string | undefined>> = {
  BAD_SCALAR_START: 'put the text in quotes',
  UNEXPECTED_TOKEN: 'a template must be in quotes',
  TAB_AS_INDENT: 'indent with spaces',
};

interface Walk {
  readonly lines: LineCounter;
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly isText: (path: FieldPath) => boolean;
  readonly positions: SourcePositions;
  readonly problems: DefinitionProblem[];
  values: number;
}

function toValue(walk: Walk, node: unknown, path: FieldPath): unknown {
  walk.values += 1;
  if (walk.values > valuesMax || path.length > depthMax) {
    // One report is enough: all values after it are refused for the same reason.
    if (walk.values <= valuesMax + 1) report(walk, path.slice(0, 4), 'YAML: too many or too deeply nested values');
    walk.values = valuesMax + 1;
    return undefined;
  }
  if (isAlias(node)) {
    const resolved = walk.aliases.get(node);
    if (resolved !== undefined) return toValue(walk, resolved, path);
    report(walk, path, `YAML: there is no anchor "${node.source}"`);
    return undefined;
  }
  if (isScalar(node)) {
    if (node.value === null || typeof node.value === 'string' || !walk.isText(path)) return node.value;
    return node.source ?? JSON.stringify(node.value);
  }
  if (isSeq(node)) return node.items.map((item, position) => toValue(walk, item, [...path, position]));
  if (!isMap(node)) return node;

  const entries = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) {
      report(walk, path, 'YAML: a name must be text', 'a template must be in quotes');
      continue;
    }
    const name = key.source ?? JSON.stringify(key.value);
    if (name === '__proto__') report(walk, [...path, '__proto__'], 'this name cannot be used');
    else if (entries.has(name)) reportTwice(walk, key, [...path, name]);
    else entries.set(name, toValue(walk, value, [...path, name]));
  }
  return Object.fromEntries(entries);
}

function reportTwice(walk: Walk, { range }: Scalar, path: FieldPath): void {
  const { line, col } = walk.lines.linePos(range?.[0] ?? 0);
  const problem = { message: 'this field is set twice', hint: 'remove one' };
  walk.problems.push({ line, column: col, path: formatPath(path), ...problem });
}

function report(walk: Walk, path: FieldPath, message: string, hint?: string): void {
  walk.problems.push({
    ...walk.positions.of(path),
    path: formatPath(path),
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}
