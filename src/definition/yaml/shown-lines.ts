import { isAlias, isMap, isScalar, isSeq, type Document } from 'yaml';
import type { FieldPath } from '../field-path.js';

/** A migration file, and which of its values a message may show. */
export interface ShownSource {
  readonly document: Document;
  readonly text: string;
  readonly isShown: (path: FieldPath) => boolean;
}

/**
 * Returns the lines of a migration file as messages may show them: the names of fields and the values that are shown
 * stand as written. Of everything else, which could be a secret, only punctuation does; comments too.
 */
export function shownLines(source: ShownSource): readonly string[] {
  const shown = new Uint8Array(source.text.length);
  for (const [start, end] of shownRanges(source)) shown.fill(1, start, end);
  const text = source.text.replace(/[^\s:,[\]{}'"|>&*?!#-]/g, (character, at: number) =>
    shown[at] === 1 ? character : '·',
  );
  return text.split(/\r?\n/);
}

function* shownRanges({ document, isShown }: ShownSource): Generator<readonly [start: number, end: number]> {
  // The depth is bounded where the values are read; a deeper file is refused, and shows nothing of the rest.
  const open: { readonly node: unknown; readonly path: FieldPath }[] = [{ node: document.contents, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    const isText = isScalar(node) || isAlias(node);
    if (isText && isShown(path) && node.range) yield [node.range[0], node.range[1]];
    if (isSeq(node)) open.push(...node.items.map((item, position) => ({ node: item, path: [...path, position] })));
    if (!isMap(node)) continue;
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      if (key.range) yield [key.range[0], key.range[1]];
      open.push({ node: value, path: [...path, key.source ?? String(key.value)] });
    }
  }
}
