/**
 * Returns a table in Markdown: the first column is aligned left, the numbers right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function markdownTable(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const line = (/** @type {readonly string[]} */ cells) =>
    row(widths.map((width, column) => (cells[column] ?? '')[column === 0 ? 'padEnd' : 'padStart'](width)));
  const rule = row(widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)));
  return `${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}
