import { PatternError } from './pattern-error.js';

/** A piece of a glob. `source` is a regular expression for exactly one character that is not a slash. */
export type GlobPiece =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'slash' }
  | { readonly kind: 'alternatives'; readonly choices: readonly (readonly GlobPiece[])[] };

/**
 * Parses a glob: `*`, `?`, `[a-z]`, `[^a-z]`, `{a,b}`, `{01..31}`, and the backslash, which escapes. Throws {@link
 * PatternError} where a character is used that means something else in other globs.
 */
export function parseGlob(glob: string): readonly GlobPiece[] {
  const reader: Reader = { glob, at: 0 };
  const pieces = parsePieces(reader, 0);
  if (reader.at < glob.length) throw unopened(reader);
  return pieces;
}

interface Reader {
  readonly glob: string;
  at: number;
}

function parsePieces(reader: Reader, depth: number): readonly GlobPiece[] {
  const pieces: GlobPiece[] = [];
  while (reader.at < reader.glob.length) {
    const character = characterAt(reader);
    if (depth > 0 && (character === ',' || character === '}')) break;
    if (character === '}') break;
    pieces.push(parsePiece(reader, character, depth));
  }
  return pieces;
}

function parsePiece(reader: Reader, character: string, depth: number): GlobPiece {
  switch (character) {
    case '*':
      reader.at += 1;
      return { kind: 'star' };
    case '?':
      reader.at += 1;
      return { kind: 'character', source: '[^/]' };
    case '/':
      reader.at += 1;
      return { kind: 'slash' };
    case '[':
      return { kind: 'character', source: parseClass(reader) };
    case '{':
      return { kind: 'alternatives', choices: parseChoices(reader, depth) };
    case '(':
    case ')':
    case '|':
      throw new PatternError(
        `"${character}" has no meaning in a glob`,
        reader.at,
        String.raw`write {a,b} for alternatives, or \${character} for the character`,
      );
    default:
      return literal(readCharacter(reader));
  }
}

/** Reads a character, which a backslash may escape. */
function readCharacter(reader: Reader): string {
  const start = reader.at;
  if (characterAt(reader) === '\\') reader.at += 1;
  const character = characterAt(reader);
  if (character === '') throw new PatternError('a backslash at the end', start, String.raw`write \\ for the character`);
  reader.at += character.length;
  return character;
}

const nestedMax = 8;

function parseChoices(reader: Reader, depth: number): readonly (readonly GlobPiece[])[] {
  const start = reader.at;
  const range = /^\{(\d{1,9})\.\.(\d{1,9})\}/.exec(reader.glob.slice(start));
  if (range !== null) {
    reader.at += range[0].length;
    return rangeChoices(range[1] ?? '', range[2] ?? '', start);
  }
  const refused = new PatternError(
    'braces need alternatives, {a,b}, or a range, {01..31}',
    start,
    String.raw`write \{ for the character`,
  );
  if (depth === nestedMax) throw new PatternError('braces are nested too deeply', start);
  const choices: (readonly GlobPiece[])[] = [];
  do {
    reader.at += 1;
    choices.push(parsePieces(reader, depth + 1));
  } while (characterAt(reader) === ',');
  if (characterAt(reader) !== '}' || choices.length < 2) throw refused;
  reader.at += 1;
  return choices;
}

/** Most numbers of a range; a lookup for a longer one repeats with `each`. */
const rangeMax = 1_000;

function rangeChoices(first: string, last: string, offset: number): readonly (readonly GlobPiece[])[] {
  const count = Number(last) - Number(first) + 1;
  if (count < 1) throw new PatternError('the range ends before it begins', offset);
  if (count > rangeMax) throw new PatternError(`the range has more than ${String(rangeMax)} numbers`, offset);
  const isPadded = first.startsWith('0') && first.length > 1;
  if (last.length < first.length || (isPadded && last.length !== first.length)) {
    throw new PatternError('the ends of the range have different widths', offset);
  }
  return Array.from({ length: count }, (_, step) =>
    Array.from(String(Number(first) + step).padStart(first.length, '0'), literal),
  );
}

function parseClass(reader: Reader): string {
  const start = reader.at;
  const unclosed = new PatternError('"[" is never closed', start, String.raw`write \[ for the character`);
  reader.at += 1;
  const isNegated = characterAt(reader) === '!' || characterAt(reader) === '^';
  if (isNegated) reader.at += 1;
  let ranges = '';
  // A bracket that comes first is a member.
  for (let isFirst = true; isFirst || characterAt(reader) !== ']'; isFirst = false) {
    if (characterAt(reader) === '') throw unclosed;
    if (/^\[[:.=]/.test(reader.glob.slice(reader.at))) {
      throw new PatternError('named classes are not supported', reader.at, 'write the characters, as in [a-z]');
    }
    ranges += parseRange(reader);
  }
  reader.at += 1;
  return isNegated ? `[^${ranges}/]` : `[${ranges}]`;
}

function parseRange(reader: Reader): string {
  const start = reader.at;
  const first = readCharacter(reader);
  const isRange = characterAt(reader) === '-' && ![']', ''].includes(reader.glob[reader.at + 1] ?? '');
  if (isRange) reader.at += 1;
  const last = isRange ? readCharacter(reader) : first;
  const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  if (to < from) throw new PatternError('the range ends before it begins', start);
  if (from <= slash && slash <= to) throw new PatternError('a class cannot contain the slash', start);
  return isRange ? `${quoted(first)}-${quoted(last)}` : quoted(first);
}

const slash = 0x2f;

const characterAt = ({ glob, at }: Reader): string => String.fromCodePoint(...codePointAt(glob, at));

function codePointAt(text: string, at: number): readonly number[] {
  const code = text.codePointAt(at);
  return code === undefined ? [] : [code];
}

const literal = (character: string): GlobPiece =>
  character === '/' ? { kind: 'slash' } : { kind: 'character', source: quoted(character) };

// After a backslash, RE2 takes every ASCII character that is neither letter nor digit literally.
const quoted = (character: string): string => (/^[!-/:-@[-`{-~]$/.test(character) ? `\\${character}` : character);

const unopened = ({ at }: Reader): PatternError =>
  new PatternError('"}" was never opened', at, String.raw`write \} for the character`);
