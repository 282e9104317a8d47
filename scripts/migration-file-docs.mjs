#!/usr/bin/env node
/**
 * Writes what comes from the one definition of the migration file, as built: docs/migration.schema.json, and the tables
 * of fields in docs/migration-file.md, each below a comment that names its fields. With `--check` it fails when one of
 * them is out of date.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { fieldTable } from './lib/documents/field-table.mjs';
import { writeOrCheck } from './lib/documents/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const built = pathToFileURL('dist/definition/schema/migration-json-schema.js').href;
const schema = (await import(built)).migrationJsonSchema();
await write('docs/migration.schema.json', JSON.stringify(schema));

const page = 'docs/migration-file.md';
const marked = /(<!-- fields: ([^>]+) -->\n\n)(?:\|.*\n)*/g;
const text = readFileSync(page, 'utf8').replace(marked, (_table, comment, paths) => {
  return `${String(comment)}${fieldTable(schema, String(paths).split(', '))}`;
});
await write(page, text);

/** @param {string} path @param {string} unformatted */
async function write(path, unformatted) {
  const text = await format(unformatted, { ...(await resolveConfig(path)), filepath: path });
  writeOrCheck({ path, text, command: 'npm run build && node scripts/migration-file-docs.mjs' });
}
