import { describe, expect, it } from 'vitest';
import { csvLine, csvRecord } from '../../../../src/commands/screen/csv-line.js';

describe('a line of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠SUM(A1)'])(
    'for a spreadsheet keeps it from calculating %j',
    (cell) => {
      expect(csvLine([cell]).replace(/^"/, '').startsWith("'")).toBe(true);
      expect(csvRecord([cell])).not.toContain("'");
    },
  );

  it('quotes what would be taken for the end of a cell or a line', () => {
    expect(csvLine(['plain', 'a,b', 'a "b"', 'a\nb', ''])).toBe('plain,"a,b","a ""b""","a\nb",');
  });

  it('leaves a sign alone that is not at the beginning', () => {
    expect(csvLine(['a=1', '2019-07'])).toBe('a=1,2019-07');
  });
});
