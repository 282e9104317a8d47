import type { NamePart } from '../names/name-part.js';
import { elementPattern } from '../shape-pattern.js';

/** Returns a glob for parts of a name: a star stands for whatever varies. */
export function globOf(parts: readonly NamePart[]): string {
  const glob = parts.map(({ element }) => (element.kind === 'literal' ? quotedGlob(element.text) : '*')).join('');
  return glob.replaceAll(/\*+/g, '*');
}

/** Returns a regular expression, as RE2 understands it, for parts of a name. */
export function regexOf(parts: readonly NamePart[]): string {
  return parts.map(({ element }) => elementPattern(element)).join('');
}

/** Returns a regular expression that matches whatever {@link globOf} does. */
export function regexOfGlob(parts: readonly NamePart[]): string {
  return parts.map(({ element }) => (element.kind === 'literal' ? elementPattern(element) : '[^/]*')).join('');
}

const quotedGlob = (text: string): string => text.replaceAll(/[*?[\]{}()|\\]/g, String.raw`\$&`);
