/**
 * Plays what was written on a terminal that breaks its lines again when its width changes, as most do, and returns the
 * lines on it. It knows what a progress view may write: text, line breaks, moving up, and clearing from the cursor.
 */
export function screenOf(
  written: string,
  widths: readonly { readonly from: number; readonly columns: number }[],
): readonly string[] {
  // Logical lines; a row of the screen is a piece of one. The cursor is always at the end of the last one.
  const lines: string[] = [''];
  // eslint-disable-next-line no-control-regex -- a terminal is told where to draw by such characters
  const pattern = /\u001b\[(\d+)A\r\u001b\[J|\n|[^\u001b\n]+/g;
  for (const match of written.matchAll(pattern)) {
    const columns = widths.findLast(({ from }) => from <= match.index)?.columns ?? 80;
    if (match[1] !== undefined) eraseRows(lines, Number(match[1]), columns);
    else if (match[0] === '\n') lines.push('');
    else lines.push(`${lines.pop() ?? ''}${match[0]}`);
  }
  return lines;
}

function eraseRows(lines: string[], count: number, columns: number): void {
  if (lines.pop() !== '') throw new Error('the cursor is expected at the beginning of a row');
  let rows = count;
  while (rows > 0) {
    const line = lines.pop();
    if (line === undefined) throw new Error('the cursor would leave the screen');
    rows -= Math.max(Math.ceil(line.length / columns), 1);
  }
  if (rows < 0) throw new Error('the beginning of a line would stay');
  lines.push('');
}
