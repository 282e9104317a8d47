import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const top = join(import.meta.dirname, '../../..');
const columns = 120;
// What is installed, built or generated, and what was recorded: nobody writes these lines.
const leftOut = new Set([
  ...['.git', 'node_modules', 'dist', 'dist.next', 'coverage', 'pages'],
  ...['fixtures', 'golden', 'golden-screens', 'histories', 'corpora'],
]);
const read = /\.(?:ts|mjs|js|c|css|liquid|md|py|service|sh|yaml|yml)$/;
const withoutEnding = new Set(['run', 'Containerfile', 'set-up-schema', 'settle-temporal']);

/** Lines that cannot be broken, each with its reason. */
const unbreakable: Readonly<Record<string, RegExp>> = {
  'a row of a table is one line in Markdown': /^\s*\|.*\|$/,
  'an address, a path or the name of a blob is one word': /\S{100}/,
  'the numbers of a chart are one line in Mermaid': /^ {2}line \[[\d, ]+\]$/,
};

// Prettier breaks code, but neither comments nor strings, nor what is not JavaScript.
it(`no line that people read or write is longer than ${String(columns)} columns`, () => {
  const long = textsIn(top).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (isTooLong(line) ? [`${relative(top, path)}:${String(index + 1)}`] : [])),
  );
  expect(long).toEqual([]);
});

function isTooLong(line: string): boolean {
  return line.length > columns && !Object.values(unbreakable).some((kind) => kind.test(line));
}

function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : textsIn(path);
    return entry.isFile() && (read.test(entry.name) || withoutEnding.has(entry.name)) ? [path] : [];
  });
}
