import { readDocument } from './documents.js';

/** A fenced block of a document, whatever is in it. */
export interface Fence {
  /** Where it is, as `docs/operations.md:12`. */
  readonly place: string;
  /** What its first line says, as `sh`. */
  readonly language: string;
  /** Without the indent of its first line. */
  readonly text: string;
  /** What the comment before it says; empty if there is none. */
  readonly comment: string;
}

/** Returns all fenced blocks of a document, in order. Throws if one has no end. */
export function fences(document: string): readonly Fence[] {
  const found: Fence[] = [];
  const lines = readDocument(document).split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const { indent, mark, language } =
      /^(?<indent> *)(?<mark>`{3,}|~{3,})(?<language>.*)$/.exec(lines[at]!)?.groups ?? {};
    if (indent === undefined || mark === undefined || language === undefined) continue;
    const place = `${document}:${String(at + 1)}`;
    const end = lines.indexOf(`${indent}${mark}`, at + 1);
    if (end === -1) throw new Error(`the block at ${place} has no end`);
    const inside = lines.slice(at + 1, end);
    const text = inside.map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`).join('');
    const above = lines.slice(0, at).findLast((line) => line !== '') ?? '';
    found.push({ place, language, text, comment: /^ *<!-- (.*) -->$/.exec(above)?.[1] ?? '' });
    at = end;
  }
  return found;
}
