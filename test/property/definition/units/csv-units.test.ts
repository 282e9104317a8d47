import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCsvUnits } from '../../../../src/definition/units/csv-units.js';
import { isBadLine } from '../../../../src/definition/units/unit-line.js';

// Pieces without a quote are split at their commas, others are parsed: whatever pieces the file comes in.
it('reads what the parser reads from the whole text, on the same lines, in whatever pieces it comes', async () => {
  const plain = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '7', '_'), maxLength: 4 });
  const quoted = fc.constantFrom('"a,b"', '"say ""x"""', '"two\nlines"', '"two\r\nlines"', '""');
  const row = fc.tuple(fc.oneof({ weight: 4, arbitrary: plain }, quoted), plain).map((values) => values.join(','));
  const line = fc.tuple(fc.oneof({ weight: 6, arbitrary: row }, fc.constantFrom('')), fc.constantFrom('\n', '\r\n'));
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), cuts, async (lines, positions) => {
      const text = `x,y\n${lines.flat().join('')}`;
      const pieces = cutAt(text, positions);
      const read = [];
      for await (const units of readCsvUnits(pieces, 'u.csv'))
        read.push(...units.flatMap((unit) => (isBadLine(unit) ? [] : unit)));
      const records: readonly string[][] = parse(text, { record_delimiter: ['\r\n', '\n'], skip_empty_lines: true });
      expect(read.map(({ fields }) => Object.values(fields))).toEqual(records.slice(1));
      for (const { line: number, text: written } of read)
        expect(text.split(/(?<=\n)/)[number - 1]).toContain(written.split(/\r?\n/)[0]);
    }),
    { numRuns: 500 },
  );
});

async function* cutAt(text: string, positions: readonly number[]): AsyncGenerator<string> {
  let start = 0;
  for (const end of [...positions.toSorted((a, b) => a - b), text.length]) {
    if (end <= start) continue;
    yield text.slice(start, end);
    start = end;
  }
}
