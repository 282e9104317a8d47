import { cutToWidth, displayWidth } from './display-width.js';
import { printable } from './printable.js';
import { wrapText } from './wrap-text.js';

const between = '   ';
const hanging = '    ';
// A server's message may be long; nobody reads more of it while it is redrawn every second.
const linesOfPartMax = 3;

/**
 * Breaks a line between its parts so that it fits in `width` columns. A part that is too long by itself is broken
 * between words, and ends in `…` if it would take more than three lines. A figure is never cut, because its part would
 * be another figure.
 */
export function breakLines(parts: readonly string[], width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of parts.map((each) => printable(each).replaceAll('\n', ' '))) {
    const longer: string = line === undefined ? indent + part : line + between + part;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    const begun = line === undefined ? [] : [line];
    const pieces = wrapped((line === undefined ? indent : hanging) + part, width);
    lines.push(...begun, ...pieces.slice(0, -1));
    line = pieces.at(-1);
  }
  return line === undefined ? lines : [...lines, line];
}

function wrapped(part: string, width: number): readonly string[] {
  const lines = wrapText(part, width);
  const shown = lines.slice(0, linesOfPartMax);
  if (lines.length > linesOfPartMax) shown.push(`${shown.pop() ?? ''} …`);
  return shown.map((each) => cutToWidth(each, width));
}
