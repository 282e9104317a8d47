import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a text with the whole of a golden file. With `UPDATE_GOLDEN=1`, writes the file instead. */
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

/** A file is in the folder of its first word: a verb, a group of verbs, or `help`. */
function goldenPath(name: string): string {
  return join(folder, /^[a-z]+/.exec(name)?.[0] ?? '', name);
}
