/** What a terminal shows at the end of a program's output, as lines without trailing spaces. */
export interface TerminalScreen {
  readonly lines: readonly string[];
  readonly isCursorHidden: boolean;
}

// Escape sequences that move the cursor, clear the screen or switch modes. Everything else is text.
// eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
const token = /\u001b\[(\??)([\d;]*)([A-Za-z])|\u001b([78])|\r|\n|[^\u001b\r\n]+/g;

/** Draws a program's output as a terminal would, as far as progress bars need it. An unknown sequence is an error. */
export function terminalScreen(output: string): TerminalScreen {
  const rows: string[] = [];
  let row = 0;
  let column = 0;
  let isCursorHidden = false;
  const write = (text: string): void => {
    const before = (rows[row] ?? '').padEnd(column).slice(0, column);
    rows[row] = before + text + (rows[row] ?? '').slice(column + text.length);
    column += text.length;
  };
  for (const [text, mode, argument, command, saved] of output.matchAll(token)) {
    const count = Number(argument === '' ? 1 : (argument ?? 1));
    if (saved !== undefined) throw new Error('saving the cursor is not drawn here');
    if (text === '\r') column = 0;
    else if (text === '\n') row += 1;
    else if (command === undefined) write(text);
    else if (mode === '?') isCursorHidden = argument === '25' ? command === 'l' : isCursorHidden;
    else if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'B') row += count;
    else if (command === 'C') column += count;
    else if (command === 'D') column = Math.max(0, column - count);
    else if (command === 'G') column = count - 1;
    else if (command === 'K') rows[row] = argument === '2' ? '' : (rows[row] ?? '').slice(0, column);
    else if (command === 'J') {
      rows[row] = (rows[row] ?? '').slice(0, column);
      rows.length = Math.min(rows.length, row + 1);
    } else throw new Error(`${JSON.stringify(text)} is not drawn here`);
  }
  return { lines: Array.from(rows.keys(), (index) => (rows[index] ?? '').trimEnd()), isCursorHidden };
}
