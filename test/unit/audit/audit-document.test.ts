import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleLineages } from './sample-lineages.js';

const path = new URL('../../../docs/audit.md', import.meta.url).pathname;
const document = readFileSync(path, 'utf8');
/** A block of SQL, and the table that follows it where it is a question. */
const blocks = /```sql\n([^`]*)```\n(?:\n((?:\|.*\|\n)+))?/g;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('the page about audits', () => {
  let folder: string;
  let connection: DuckDBConnection;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-audit-'));
    await writeSampleLineages(folder);
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true });
  });

  it('shows what each of its queries answers', async () => {
    let updated = document;
    const questions = [...document.matchAll(blocks)];
    expect(questions.length).toBeGreaterThan(10);
    for (const [block, sql = '', table] of questions) {
      const here = sql.replaceAll(/'((?:ledger|orders)[^']*\.gz)'/g, (_, name: string) => `'${join(folder, name)}'`);
      const reader = await connection.runAndReadAll(here);
      if (/^CREATE/.test(sql)) continue;
      const answer = [reader.columnNames(), ...reader.getRowsJson().map((row) => row.map(cellText))];
      expect(answer.length, `${sql}has no rows`).toBeGreaterThan(1);
      if (isUpdate) updated = updated.replace(block, () => `\`\`\`sql\n${sql}\`\`\`\n\n${markdown(answer)}`);
      else
        expect(rowsOf(table ?? ''), `${sql}If the change is meant, run this test with UPDATE_GOLDEN=1`).toEqual(answer);
    }
    if (isUpdate) writeFileSync(path, updated);
  });
});

function cellText(cell: Json): string {
  if (Array.isArray(cell)) return cell.map(cellText).join(', ');
  return cell === null ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function rowsOf(table: string): readonly (readonly string[])[] {
  const lines = table.trimEnd().split('\n');
  return lines
    .filter((_, index) => index !== 1)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function markdown([header = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('');
}
