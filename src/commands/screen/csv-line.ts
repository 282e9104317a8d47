/**
 * Writes a line of CSV (RFC 4180) for a spreadsheet, without its end. A text that a spreadsheet would evaluate as a
 * formula is quoted with an apostrophe.
 */
export function csvLine(cells: readonly string[]): string {
  return csvRecord(cells.map((cell) => (formula.test(cell) ? `'${cell}` : cell)));
}

// Some spreadsheets treat the wide forms of these signs like the signs, and skip control characters before them.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Writes a line of CSV (RFC 4180) for a program, without its end: every text stays as it is. */
export function csvRecord(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}
