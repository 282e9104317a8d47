/**
 * Returns a line of CSV (RFC 4180), without its end. A text that a spreadsheet would evaluate as a formula is quoted
 * with an apostrophe.
 */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
