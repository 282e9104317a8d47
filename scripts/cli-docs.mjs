#!/usr/bin/env node
/** Writes docs/cli.md from the tables of the built program; with `--check` it fails when the page is out of date. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { cliDocs } from './lib/cli-docs.mjs';
import { writeOrCheck } from './lib/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const path = 'docs/cli.md';
const [{ verbs, verbGroups }, { optionTable }, { variableTable }, { exitStatus, exitStatusMeanings }] =
  await Promise.all(['verbs', 'option-table', 'variable-table', 'ending/exit-status'].map(importBuilt));
const text = cliDocs({
  ...{ verbs, groups: verbGroups, options: optionTable, variables: variableTable },
  ...{ statuses: exitStatus, meanings: exitStatusMeanings },
});
writeOrCheck({
  path,
  text: await format(text, { ...(await resolveConfig(path)), filepath: path }),
  command: 'npm run build && node scripts/cli-docs.mjs',
});

/** @param {string} name */
function importBuilt(name) {
  return import(pathToFileURL(`dist/commands/${name}.js`).href);
}
