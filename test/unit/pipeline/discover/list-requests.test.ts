import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findInSlices } from '../../../support/listings/find-in-slices.js';
import { namingSchemes } from '../../../support/listings/naming-schemes.js';

const operations = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');

describe('the list requests of a migration', () => {
  it.each(namingSchemes)('are as many as the documentation says: $title', async ({ title, make }) => {
    const { units, find, source } = make();
    const { alone, shared, blobs } = await findInSlices(units, find, source);
    expect(documentedRow(title)).toEqual(
      [units.length, blobs, alone, shared, (shared / units.length).toFixed(2)].map(String),
    );
    // However blobs are named, sharing takes hardly more requests than every unit would by itself.
    expect(shared).toBeLessThanOrEqual(alone * 1.25);
  });
});

/** Returns the cells of the row of the table that begins with a text. */
function documentedRow(title: string): readonly string[] | undefined {
  const rows = operations.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const [, ...cells] = rows.find(([first]) => first === title) ?? [];
  return cells.map((cell) => cell.replaceAll(',', ''));
}
