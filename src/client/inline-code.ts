import { printable } from '../commands/screen/printable.js';

/**
 * Returns a text as inline code in Markdown, on one line. Nothing in it is read as Markdown: the backticks around it
 * are longer than any in it.
 */
export function inlineCode(text: string): string {
  const shown = printable(text).replaceAll('\n', ' ') || ' ';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([marks]) => marks.length));
  const marks = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${marks}${space}${shown}${space}${marks}`;
}
