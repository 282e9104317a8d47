import type { CommandContext } from '../ports/context.js';
import { displayWidth } from './display-width.js';
import { layOutFrame, type TerminalSize } from './lay-out-frame.js';
import { printable } from './printable.js';
import type { ProgressFrame, ProgressView } from './progress-view.js';

const drawEveryMs = 200;
const unknownTerminal = { columns: 80, rows: 24 };

/** Shows progress as a bar with lines of text below it, redrawn in place, also when the terminal changes its size. */
export function openBarView({ err, now }: Pick<CommandContext, 'err' | 'now'>): ProgressView {
  const terminal: NodeJS.WritableStream & Partial<TerminalSize> = err.stream;
  // A terminal that does not know its size reports 0.
  const size = (): TerminalSize => ({
    columns: terminal.columns || unknownTerminal.columns,
    rows: terminal.rows || unknownTerminal.rows,
  });
  let newest: ProgressFrame | undefined;
  let drawn: readonly string[] = [];
  let drawAtMs = -Infinity;

  // A terminal that has become narrower wraps the lines that it shows.
  const eraser = (): string => {
    const rows = drawn.reduce((sum, line) => sum + Math.max(Math.ceil(displayWidth(line) / size().columns), 1), 0);
    return rows === 0 ? '' : `\u001b[${String(rows)}A\r\u001b[J`;
  };
  const draw = (above = ''): void => {
    const lines = newest === undefined ? [] : layOutFrame(newest, size());
    if (above === '' && lines.join('\n') === drawn.join('\n')) return;
    err.write(eraser() + above + lines.map((line) => `${line}\n`).join(''));
    drawn = lines;
    drawAtMs = now() + drawEveryMs;
  };
  const redraw = (): void => draw();
  terminal.on('resize', redraw);
  return {
    show: (frame) => {
      newest = frame;
      if (now() >= drawAtMs) draw();
    },
    note: (line) => draw(`${printable(line, { isStyled: true })}\n`),
    close: () => {
      terminal.off('resize', redraw);
      draw();
    },
  };
}
