import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wellFormedUnits } from '../../../support/migrations/well-formed-units.js';
import { readUnits } from '../../../../src/definition/units/read-units.js';

// Text that needs care in a file: separators, quotes, line ends inside values, spaces and characters of several bytes.
const value = fc.oneof(
  fc.constantFrom('', ' ', ',', '"', '""', '\n', '\r\n', 'a"b', "'", '#', 'null', '01', '\ufeff', 'é', '🚀', '{{ a }}'),
  fc.string({ maxLength: 6 }),
);
const rows = fc.array(fc.record({ id: fc.nat().map(String), a: value, b: value }), { minLength: 1, maxLength: 20 });
const lineEnd = fc.constantFrom('\n', '\r\n');
const blanks = fc.array(fc.nat(2), { maxLength: 20 });

describe('lines of a units file and units', () => {
  it.each(['csv', 'jsonl'] as const)('belong together one to one, in order, in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(rows, lineEnd, blanks, fc.nat(50), async (all, end, blank, cut) => {
        const lines = format === 'csv' ? all.map(csvLine) : all.map((row) => JSON.stringify(row));
        const text = lines.map((line, index) => line + end + end.repeat(blank[index] ?? 0)).join('');
        const bytes = Buffer.from(format === 'csv' ? `id,a,b${end}${text}` : text);
        const read: unknown[] = [];
        let before = 0;
        const from = `units.${format}`;
        const units = readUnits({ from, directory: '.', bytes: pieces(bytes, 1 + cut) });
        for await (const { line, fields } of wellFormedUnits(from, units)) {
          read.push(fields);
          expect(line).toBeGreaterThan(before);
          before = line;
        }
        expect(read).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });
});

const csvLine = ({ id, a, b }: Readonly<Record<'id' | 'a' | 'b', string>>): string =>
  [id, quoted(a), quoted(b)].join(',');

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
