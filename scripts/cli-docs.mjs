#!/usr/bin/env node
/** Writes docs/cli.md from the tables of the built program; with `--check` it fails when the page is out of date. */
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { cliDocs } from './lib/documents/cli-docs.mjs';
import { readCliTables } from './lib/documents/cli-tables.mjs';
import { writeOrCheck } from './lib/documents/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const path = 'docs/cli.md';
const text = cliDocs(await readCliTables());
writeOrCheck({
  path,
  text: await format(text, { ...(await resolveConfig(path)), filepath: path }),
  command: 'npm run build && node scripts/cli-docs.mjs',
});
