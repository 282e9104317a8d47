import picomatch from 'picomatch';
import type { LookupDefinition } from '../../domain/definition.js';

/**
 * How globs are read: on whole names of blobs, where a leading dot means nothing, the backslash escapes everywhere
 * and `*` stops only at a slash.
 */
export const globOptions = { dot: true, windows: false, nonegate: true, strictSlashes: true, flags: 'su' } as const;

/** Compiles `match` or `regex` of a lookup to a test of what follows the prefix; without either everything passes. */
export function nameTest({ match, regex }: Pick<LookupDefinition, 'match' | 'regex'>): (rest: string) => boolean {
  if (match !== undefined) return picomatch(match, globOptions);
  if (regex !== undefined) {
    const pattern = new RegExp(regex, 'u');
    return (rest) => pattern.test(rest);
  }
  return () => true;
}

/** Tells why a text is not a regular expression, or undefined when it is. */
export function regexProblem(text: string): string | undefined {
  try {
    new RegExp(text, 'u');
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : undefined;
    return `not a regular expression${reason === undefined ? '' : `: ${reason}`}`;
  }
}
