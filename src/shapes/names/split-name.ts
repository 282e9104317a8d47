import type { Token } from './token.js';

/**
 * Splits a blob's name into tokens, whose texts together are the name. `isExtension` tells which endings count as
 * extensions; whoever keeps shapes bounds their number.
 */
export function splitName(name: string, isExtension: (extension: string) => boolean): readonly Token[] {
  const extension = extensionOf(name, isExtension);
  const stem = name.slice(0, name.length - extension.length);
  const tokens = stem
    .split('/')
    .flatMap((segment, index, segments): readonly Token[] => [
      ...(index === 0 ? [] : [{ kind: 'literal', text: '/' } as const]),
      ...splitSegment(segment, segments[index - 1]),
    ]);
  return joinLiterals(extension === '' ? tokens : [...tokens, { kind: 'literal', text: extension }]);
}

/** Returns `.json.bz2` of `2019/part-1.json.bz2`: the extension, and the one before it if the last is a compression. */
function extensionOf(name: string, isExtension: (extension: string) => boolean): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const last = endingOf(file);
  if (last === '' || !isExtension(last)) return '';
  if (!compressions.has(last.slice(1).toLowerCase())) return last;
  const before = endingOf(file.slice(0, -last.length));
  return before !== '' && isExtension(before) ? before + last : last;
}

// Longer endings are words, as in `com.example.customers`.
const endingOf = (file: string): string => /\.[A-Za-z][A-Za-z0-9]{0,7}$/.exec(file)?.[0] ?? '';

const compressions = new Set(['bz2', 'gz', 'zst', 'xz', 'lz4', 'lzma', 'snappy', 'br', 'deflate', 'z', 'enc', 'gpg']);

function splitSegment(segment: string, before: string | undefined): readonly Token[] {
  // `d07` is the seventh day of the month before it, or else a shard.
  if (/^d\d\d$/.test(segment) && !monthPattern.test(before ?? '')) return [{ kind: 'hex', text: segment }];
  const tokens: Token[] = [];
  let at = 0;
  for (const { 0: word, index } of segment.matchAll(wordPattern)) {
    if (index > at) tokens.push({ kind: 'literal', text: segment.slice(at, index) });
    at = index + word.length;
    if (segment[at] === '=' && keyPattern.test(word)) tokens.push({ kind: 'literal', text: word });
    else tokens.push(...splitWord(word));
  }
  if (at < segment.length) tokens.push({ kind: 'literal', text: segment.slice(at) });
  const joined = joinWords(tokens);
  const [only] = joined;
  // Up to three digits that are a folder of their own are a shard more often than a word.
  return joined.length === 1 && only?.kind === 'text' && /^([0-9a-f]{1,3}|[0-9A-F]{1,3})$/.test(only.text)
    ? [{ kind: /\d/.test(only.text) ? 'hex' : 'hex-letters', text: only.text }]
    : joined;
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const version = String.raw`v\d{1,3}(?:\.\d{1,3}){0,3}`;
const end = String.raw`(?![\p{L}\p{N}])`;
const wordPattern = new RegExp(
  String.raw`${guid}${end}|${guid.toUpperCase()}${end}|${version}${end}|[\p{L}\p{N}]+`,
  'gu',
);
const keyPattern = /^[A-Za-z][A-Za-z0-9]{0,31}$/;
const monthPattern = /^(?:m|month)?[=-]?\d{1,2}$/i;
const guidPattern = new RegExp(`^${guid}$`, 'i');
const versionPattern = new RegExp(`^${version}$`);

function splitWord(word: string): readonly Token[] {
  if (/^\d+$/.test(word)) return [{ kind: 'digits', text: word }];
  if (guidPattern.test(word)) return [{ kind: 'guid', text: word }];
  if (versionPattern.test(word)) return [{ kind: 'version', text: word }];
  // `20190703T0405Z`, or in `2019-07-03T04-05Z` what is around the T.
  const [, date, time, zone] = /^(\d{2}|\d{8})T(\d{2}|\d{4}|\d{6})(Z?)$/.exec(word) ?? [];
  if (date !== undefined && time !== undefined) {
    const tokens: Token[] = [digits(date), { kind: 'literal', text: 'T' }, digits(time)];
    return zone === '' ? tokens : [...tokens, { kind: 'literal', text: 'Z' }];
  }
  // `y2019`, `month07`
  const [, unit, number] =
    /^(y(?:ear)?(?=\d{4}$)|[mdh](?=\d{2}$)|(?:month|day|hour)(?=\d{1,2}$))(\d+)$/i.exec(word) ?? [];
  if (unit !== undefined && number !== undefined) return [{ kind: 'literal', text: unit }, digits(number)];
  if (/^([0-9a-f]{4,}|[0-9A-F]{4,})$/.test(word)) {
    return [{ kind: /\d/.test(word) ? 'hex' : 'hex-letters', text: word }];
  }
  return [{ kind: 'text', text: word }];
}

const digits = (text: string): Token => ({ kind: 'digits', text });

/** Joins text words of a segment with the separators between them: `web-frontend` is one text. */
function joinWords(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const [before, separator] = [joined.at(-2), joined.at(-1)];
    const continues = isWord(token) && separator?.kind === 'literal' && /^[^=\p{L}\p{N}]+$/u.test(separator.text);
    if (continues && before !== undefined && isWord(before)) {
      joined.splice(-2, 2, { kind: 'text', text: before.text + separator.text + token.text });
    } else joined.push(token);
  }
  return joined;
}

const isWord = ({ kind }: Token): boolean => kind === 'text' || kind === 'hex-letters';

function joinLiterals(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (token.kind === 'literal' && last?.kind === 'literal') {
      joined.splice(-1, 1, { kind: 'literal', text: last.text + token.text });
    } else joined.push(token);
  }
  return joined;
}
