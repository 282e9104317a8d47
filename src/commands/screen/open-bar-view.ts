import { MultiBar, type SingleBar } from 'cli-progress';
import type { ProgressFrame, ProgressView } from './progress-view.js';
import type { TextOutput } from '../ports/text-output.js';

// More rows would push the bar off a small terminal.
const rowsMax = 12;

/** Shows progress as a bar with rows of text below it, redrawn in place. */
export function openBarView(output: TextOutput): ProgressView {
  const bars = new MultiBar({
    stream: output.stream,
    hideCursor: true,
    fps: 5,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    gracefulExit: false,
    format: '{bar} {head}',
  });
  let bar: SingleBar | undefined;
  const rows: SingleBar[] = [];

  const showRows = (texts: readonly string[]): void => {
    while (rows.length > texts.length) {
      const row = rows.pop();
      if (row !== undefined) bars.remove(row);
    }
    for (const [index, text] of texts.entries()) {
      rows[index] ??= bars.create(1, 0, { text }, { format: '{text}' });
      rows[index].update(0, { text });
    }
  };
  return {
    show: (frame) => {
      bar ??= bars.create(1, 0, { head: frame.head });
      bar.setTotal(Math.max(frame.total ?? frame.done, 1));
      bar.update(frame.done, { head: frame.head });
      showRows(boundedRows(frame));
    },
    note: (line) => {
      if (bar === undefined) output.write(`${line}\n`);
      else bars.log(`${line}\n`);
    },
    close: () => bars.stop(),
  };
}

function boundedRows({ rows }: ProgressFrame): readonly string[] {
  if (rows.length <= rowsMax) return rows;
  return [...rows.slice(0, rowsMax), `… and ${String(rows.length - rowsMax)} more`];
}
