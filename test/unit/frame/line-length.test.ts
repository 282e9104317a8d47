import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const top = join(import.meta.dirname, '../../..');
const columns = 120;
const leftOut = new Set(['node_modules', 'dist', 'dist.next', 'coverage', 'fixtures', 'golden', 'histories']);

// Prettier breaks code, but neither comments nor strings.
it(`no line of the sources is longer than ${String(columns)} columns`, () => {
  const long = sourcesIn(top).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (line.length > columns ? [`${relative(top, path)}:${String(index + 1)}`] : [])),
  );
  expect(long).toEqual([]);
});

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return leftOut.has(entry.name) || entry.name === '.git' ? [] : sourcesIn(path);
    return /\.(?:ts|mjs|js)$/.test(entry.name) ? [path] : [];
  });
}
