import type { LookupDefinition } from '../../domain/definition.js';
import { compileGlob } from '../patterns/compile-glob.js';
import { compileRegex } from '../patterns/compile-regex.js';

/** Compiles `match` or `regex` of a lookup to a test of what follows the prefix; without either, everything matches. */
export function nameTest({ match, regex }: Pick<LookupDefinition, 'match' | 'regex'>): (rest: string) => boolean {
  if (match !== undefined) return compileGlob(match);
  if (regex === undefined) return () => true;
  const pattern = compileRegex(regex);
  return (rest) => pattern.test(rest);
}
