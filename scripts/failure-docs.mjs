#!/usr/bin/env node
/** Writes docs/failure-classes.md from the table as built; with `--check` it fails when the page is out of date. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { failureDocs } from './lib/documents/failure-docs.mjs';
import { writeOrCheck } from './lib/documents/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const path = 'docs/failure-classes.md';
const { failureClasses } = await import(pathToFileURL('dist/domain/failure-classes.js').href);
writeOrCheck({
  path,
  text: await format(failureDocs(failureClasses), { ...(await resolveConfig(path)), filepath: path }),
  command: 'npm run build && node scripts/failure-docs.mjs',
});
