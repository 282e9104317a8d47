import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a text with a golden file, whole; with `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  const path = goldenPath(name);
  if (isUpdate) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text, `${path}; if the change is meant, run this test with UPDATE_GOLDEN=1`).toBe(readFileSync(path, 'utf8'));
}

/** Returns the names of all golden files, sorted. */
export function goldenNames(): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => basename(name))
    .sort();
}

/** The first word of a name is its folder: that of a verb, of a group of verbs, or `help`. */
function goldenPath(name: string): string {
  return join(folder, /^[a-z]+/.exec(name)?.[0] ?? '', name);
}
