import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { PatternError } from './pattern-error.js';

/** A pattern that is matched in time linear in the text, whatever the pattern and the text. */
export interface LinearPattern {
  /** Number of groups. */
  readonly groups: number;
  /** Reports whether the pattern matches somewhere in a text. */
  test(text: string): boolean;
  /**
   * Returns what the first group captures, or undefined where the pattern does not match or the group takes no part.
   */
  capture(text: string): string | undefined;
}

/** Most characters of a pattern; what is longer was not written by hand. */
export const patternCharactersMax = 1_024;

/** Most steps for each character of a name: a repetition of 1,000, the most that RE2 allows, takes about as many. */
const instructionsMax = 5_000;

/** Compiles a regular expression in the syntax of RE2; throws {@link PatternError} where it is not valid. */
export function compileRegex(text: string): LinearPattern {
  if (text.length > patternCharactersMax) {
    throw new PatternError(`it has more than ${String(patternCharactersMax)} characters`, 0);
  }
  refuseUnsupported(text);
  return linearPattern(compileRe2(text));
}

/** Compiles text that is known to be in the syntax of RE2; a dot matches every character. */
export function compileWholeName(source: string): (name: string) => boolean {
  const pattern = compileRe2(source, RE2JS.DOTALL);
  return (name) => pattern.testExact(name);
}

function linearPattern(pattern: RE2JS): LinearPattern {
  return {
    groups: pattern.groupCount(),
    test: (text) => pattern.test(text),
    capture(text) {
      const matcher = pattern.matcher(text);
      return matcher.find() ? (matcher.group(1) ?? undefined) : undefined;
    },
  };
}

function compileRe2(text: string, flags = 0): RE2JS {
  const pattern = parse(text, flags);
  if (pattern.programSize() <= instructionsMax) return pattern;
  throw new PatternError('it is too large', 0, 'use fewer or smaller repetitions');
}

function parse(text: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(text, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const { error: reason, input } =
      error instanceof RE2JSSyntaxException ? error : { error: error.message, input: null };
    const offset = input === null ? -1 : text.indexOf(input);
    throw new PatternError(`not a regular expression: ${reason}`, Math.max(0, offset));
  }
}

// Escapes and classes come first, so that their content is not taken for an operator.
const operators = new RegExp(
  [
    ...[
      String.raw`\\[pPx]\{[^}]*\}`,
      String.raw`\\Q.*?(?:\\E|$)`,
      String.raw`\\[1-9]`,
      String.raw`\\k`,
      String.raw`\\.`,
    ],
    String.raw`\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]])*\]`,
    ...[String.raw`\(\?<?[=!]`, String.raw`\(\?>`, String.raw`\{(?!\d+(?:,\d*)?\})`],
  ].join('|'),
  'gsu',
);

const unsupported: readonly (readonly [pattern: RegExp, message: string, hint?: string])[] = [
  [/^\(\?<?[=!]$/, 'lookahead and lookbehind are not supported, since patterns are matched in linear time'],
  [/^\(\?>$/, 'atomic groups are not supported, since patterns are matched in linear time'],
  [/^\\(?:[1-9]|k)$/, 'backreferences are not supported, since patterns are matched in linear time'],
  // RE2 would take the brace literally where another engine may see a repetition.
  [/^\{$/, 'a brace that is not a repetition', String.raw`write \{ for the character`],
];

function refuseUnsupported(text: string): void {
  for (const { 0: found, index } of text.matchAll(operators)) {
    const [, message, hint] = unsupported.find(([pattern]) => pattern.test(found)) ?? [];
    if (message !== undefined) throw new PatternError(message, index, hint);
  }
}
