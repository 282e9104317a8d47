import { compileWholeName, patternCharactersMax } from './compile-regex.js';
import { parseGlob, type GlobPiece } from './parse-glob.js';
import { PatternError } from './pattern-error.js';

/**
 * Compiles a glob to a test of a whole name, in linear time. `*` and `?` do not match a slash; a segment `**` matches
 * any number of segments, and none. Case counts, and a dot at the start has no special meaning. Alternatives are
 * expanded first, as shells do it. An empty name never matches. Throws {@link PatternError}.
 */
export function compileGlob(glob: string): (name: string) => boolean {
  if (glob === '') throw new PatternError('it is empty', 0);
  if (glob.length > patternCharactersMax) {
    throw new PatternError(`it has more than ${String(patternCharactersMax)} characters`, 0);
  }
  const matches = compileWholeName(expand(parseGlob(glob)).map(sourceOf).join('|'));
  return (name) => name !== '' && matches(name);
}

/** Most globs that alternatives expand to. */
const expandedMax = 1_000;

type Plain = Exclude<GlobPiece, { kind: 'alternatives' }>;

function expand(pieces: readonly GlobPiece[]): readonly (readonly Plain[])[] {
  let expanded: readonly (readonly Plain[])[] = [[]];
  for (const piece of pieces) {
    const endings = piece.kind === 'alternatives' ? piece.choices.flatMap(expand) : [[piece]];
    // Counted before they are made.
    if (expanded.length * endings.length > expandedMax) {
      throw new PatternError(
        `it has more than ${String(expandedMax)} alternatives`,
        0,
        'use `each`, or several lookups',
      );
    }
    expanded = expanded.flatMap((beginning) => endings.map((ending) => [...beginning, ...ending]));
  }
  return expanded;
}

function sourceOf(pieces: readonly Plain[]): string {
  const segments = splitSegments(pieces);
  return segments
    .map((segment, position) => {
      const isLast = position === segments.length - 1;
      const isAny = segment.length === 2 && segment.every(({ kind }) => kind === 'star');
      if (isAny) return isLast ? '.*' : '(?:.*/)?';
      return `${segmentSource(segment)}${isLast ? '' : '/'}`;
    })
    .join('');
}

function splitSegments(pieces: readonly Plain[]): readonly (readonly Plain[])[] {
  const segments: Plain[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === 'slash') segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  return segments;
}

function segmentSource(segment: readonly Plain[]): string {
  // A segment of stars alone is a whole one, which is never empty.
  if (segment.length > 0 && segment.every(({ kind }) => kind === 'star')) return '[^/]+';
  return segment.map((piece) => (piece.kind === 'character' ? piece.source : '[^/]*')).join('');
}
