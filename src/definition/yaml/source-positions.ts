import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { FieldPath } from '../field-path.js';
import { shownLines } from './shown-lines.js';

/** A position in a migration file; both count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The positions of the values of a migration file. */
export interface SourcePositions {
  /**
   * Returns the position of a value, `offset` characters into it where it is text on one line, or the position of its
   * parent if it is missing.
   */
  of(path: FieldPath, offset?: number): SourcePosition;
  /** Returns the position of a field's name. */
  ofName(path: FieldPath): SourcePosition;
  /** Returns a line, from 1, as a message may show it; see {@link shownLines}. */
  shownLine(line: number): string;
}

/** Returns the positions of the values of a YAML document. */
export function positionsOf(source: {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly text: string;
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly isShown: (path: FieldPath) => boolean;
}): SourcePositions {
  let shown: readonly string[] | undefined;
  const find = finder(source.document, source.aliases);
  const position = (at: number): SourcePosition => {
    const { line, col } = source.lines.linePos(at);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const valueStart = (path: FieldPath): SourcePosition => {
    for (let length = path.length; length > 0; length -= 1) {
      const found = find(path.slice(0, length));
      if (found?.value !== undefined) return position(found.value.start);
      if (found?.name !== undefined) return position(found.name);
    }
    return position(find([])?.value?.start ?? 0);
  };
  return {
    of(path, offset = 0) {
      const value = offset === 0 ? undefined : find(path)?.value;
      if (value?.text === undefined) return valueStart(path);
      const quote = source.text[value.start];
      const start = value.start + (quote === '"' || quote === "'" ? 1 : 0);
      // Only where the file has the text verbatim: an escape or a fold would shift the columns.
      const isVerbatim = source.text.startsWith(value.text, start) && !value.text.includes('\n');
      return isVerbatim ? position(start + offset) : valueStart(path);
    },
    shownLine(line) {
      shown ??= shownLines(source);
      return shown[line - 1] ?? '';
    },
    ofName(path) {
      const name = find(path)?.name;
      return name === undefined ? valueStart(path) : position(name);
    },
  };
}

interface Found {
  readonly name?: number;
  readonly value?: { readonly start: number; readonly text?: string };
}

function finder(document: Document, aliases: ReadonlyMap<Alias, Node>): (path: FieldPath) => Found | undefined {
  const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, name: string): Pair | undefined => {
    // A search through the fields for each of thousands of problems would take longer than all the rest.
    const known = pairs.get(map) ?? pairsByName(map);
    pairs.set(map, known);
    return known.get(name);
  };
  return (path) => {
    let node: unknown = document.contents;
    let name: number | undefined;
    for (const step of path) {
      if (isAlias(node)) node = aliases.get(node);
      if (isMap(node)) {
        const pair = pairOf(node, String(step));
        if (pair === undefined) return undefined;
        name = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
        node = pair.value;
      } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
        name = undefined;
        node = node.items[step];
      } else {
        return undefined;
      }
    }
    const start = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
    return {
      ...(name === undefined ? {} : { name }),
      ...(start === undefined ? {} : { value: { start, ...(text === undefined ? {} : { text }) } }),
    };
  };
}

function pairsByName(map: YAMLMap): ReadonlyMap<string, Pair> {
  const named = map.items.flatMap((pair) =>
    isScalar(pair.key) ? [[pair.key.source ?? String(pair.key.value), pair] as const] : [],
  );
  // The first of two with the same name counts.
  return new Map(named.toReversed());
}
