import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a text with a golden file, whole; with `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  expect(text, `golden/${name}; if the change is meant, run this test with UPDATE_GOLDEN=1`).toBe(
    readFileSync(join(folder, name), 'utf8'),
  );
}

/** Names of all golden files, sorted. */
export function goldenNames(): readonly string[] {
  return readdirSync(folder).sort();
}
