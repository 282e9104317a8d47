import type { Token } from './token.js';

/** Where a token is in a name. */
export interface FieldPlace {
  readonly segment: number;
  readonly isFile: boolean;
  /** Whether it is a whole segment, apart from a key before it. */
  readonly isAlone: boolean;
  /** The key before it, as in `month=07` or `y2019`, in lower case. */
  readonly key: string | undefined;
  /** The character before it. */
  readonly before: string;
}

/** Returns the place of each token. */
export function findFieldPlaces(tokens: readonly Token[]): readonly FieldPlace[] {
  let segment = 0;
  const segments = tokens.map(({ kind, text }) => {
    const own = segment;
    if (kind === 'literal') segment += text.split('/').length - 1;
    return own;
  });
  return tokens.map(({ kind }, index) => {
    const before = tokens[index - 1];
    const literal = before?.kind === 'literal' ? before.text : '';
    const after = tokens[index + 1];
    const key = /(?:^|[^A-Za-z])([A-Za-z][A-Za-z0-9]*)=?$/.exec(literal)?.[1]?.toLowerCase();
    const startsSegment = before === undefined || /\/(?:[A-Za-z0-9]+=?)?$/.test(literal);
    const endsSegment = after === undefined || (after.kind === 'literal' && /^[/.]/.test(after.text));
    return {
      segment: segments[index] ?? 0,
      isFile: segments[index] === segment && kind !== 'literal',
      isAlone: startsSegment && endsSegment,
      key: key === 't' ? undefined : key,
      before: literal.at(-1) ?? '',
    };
  });
}

/** Tells whether a token may continue the date that ended with another one. */
export function isBeside(
  last: number,
  token: number,
  tokens: readonly Token[],
  places: readonly FieldPlace[],
): boolean {
  const between = tokens.slice(last + 1, token);
  if (between.every(({ kind }) => kind === 'literal')) return true;
  // `2019/customer/07/03.json`: other folders in between. With more in a file's name, two digits are a number.
  const place = places[token];
  return place?.isAlone === true && places[last]?.segment !== place.segment;
}
