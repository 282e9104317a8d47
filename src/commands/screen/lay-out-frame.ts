import { breakLines } from './break-lines.js';
import type { ProgressFrame } from './progress-view.js';

const barColumnsMax = 30;
const barColumnsMin = 8;
// The rest of a small terminal is for what was there before.
const linesMax = 20;

/** The size of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Lays out a frame as lines that fit a terminal. The bar shrinks with it, a part that does not fit moves whole to the
 * next line, and what matters least is left out if there are too few rows.
 */
export function layOutFrame(
  { done, total, head, rows }: ProgressFrame,
  { columns, rows: height }: TerminalSize,
): readonly string[] {
  // The last column stays empty: some terminals break the line as soon as it is full.
  const width = Math.max(columns - 1, barColumnsMin + 1);
  const blocks = [
    breakLines([`${bar(done, total, columns)} ${head[0] ?? ''}`, ...head.slice(1)], width),
    ...rows.map((parts) => breakLines(parts, width, '  ')),
  ];
  // The cursor is below the frame, so that this takes a row too; nothing above the terminal can be drawn again.
  return fitting(blocks, Math.max(Math.min(linesMax, height - 1), 1));
}

/** Returns the lines of as many whole blocks as there is room for, and a line that says how many are missing. */
function fitting(blocks: readonly (readonly string[])[], room: number): readonly string[] {
  const all = blocks.flat();
  if (all.length <= room) return all;
  const shown: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const isFirst = index === 0;
    if (!isFirst && shown.length + block.length > room - 1) break;
    shown.push(...block.slice(0, room));
  }
  const missing = all.length - shown.length;
  return shown.length < room ? [...shown, `  … and ${String(missing)} more lines`] : shown;
}

function bar(done: number, total: number | null, columns: number): string {
  const length = Math.min(Math.max(Math.floor(columns / 4), barColumnsMin), barColumnsMax);
  const share = Math.min(done / Math.max(total ?? done, 1), 1);
  const full = Math.floor(share * length);
  return '█'.repeat(full) + '░'.repeat(length - full);
}
