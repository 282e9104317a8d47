import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const top = new URL('../../../', import.meta.url).pathname;

/** Paths of all Markdown documents, relative to the top of the checkout. */
export const documents: readonly string[] = [
  ...markdownIn('.', readdirSync(top)),
  ...['docs', 'deploy'].flatMap((folder) =>
    markdownIn(folder, readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })),
  ),
];

/** Returns the text of a document, or of another file of the checkout. */
export function readDocument(path: string): string {
  return readFileSync(join(top, path), 'utf8');
}

function markdownIn(folder: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}
