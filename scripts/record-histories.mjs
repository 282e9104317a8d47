#!/usr/bin/env node
/**
 * Records the workflow histories that `test/support/histories/recorded-paths.ts` lists and that are not there: `npm run
 * record:histories`.
 */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

process.chdir(resolve(import.meta.dirname, '..'));

const { module } = await runnerImport('./test/support/histories/record-histories.ts');
const written = await module.recordHistories('test/workflows/histories');
for (const file of written) process.stdout.write(`recorded test/workflows/histories/${file}\n`);
process.stdout.write(`${written.length} histories recorded; existing ones are kept\n`);
