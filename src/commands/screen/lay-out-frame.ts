import { cutToWidth, displayWidth } from './display-width.js';
import { printable } from './printable.js';
import type { ProgressFrame } from './progress-view.js';

const barColumnsMax = 30;
const barColumnsMin = 8;
// More rows would push the bar off a small terminal.
const rowsMax = 12;
const between = '   ';

/**
 * Lays out a frame as lines that fit a terminal. The bar shrinks with it, and a part that does not fit moves to the
 * next line whole.
 */
export function layOutFrame({ done, total, head, rows }: ProgressFrame, columns: number): readonly string[] {
  // The last column stays empty: some terminals break the line as soon as it is full.
  const width = Math.max(columns - 1, barColumnsMin + 1);
  const shown = rows.slice(0, rowsMax);
  const rest = rows.length - shown.length;
  return [
    ...brokenLines([`${bar(done, total, columns)} ${head[0] ?? ''}`, ...head.slice(1)], width),
    ...shown.flatMap((parts) => brokenLines(parts, width, '  ')),
    ...(rest === 0 ? [] : [`  … and ${String(rest)} more`]),
  ];
}

function bar(done: number, total: number | null, columns: number): string {
  const length = Math.min(Math.max(Math.floor(columns / 4), barColumnsMin), barColumnsMax);
  const share = Math.min(done / Math.max(total ?? done, 1), 1);
  const full = Math.floor(share * length);
  return '█'.repeat(full) + '░'.repeat(length - full);
}

function brokenLines(parts: readonly string[], width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of parts.map((each) => printable(each).replaceAll('\n', ' '))) {
    const longer: string = line === undefined ? indent + part : line + between + part;
    if (line !== undefined && displayWidth(longer) > width) {
      lines.push(line);
      line = `  ${part}`;
    } else line = longer;
  }
  return [...lines, line ?? ''].map((each) => cutToWidth(each, width));
}
