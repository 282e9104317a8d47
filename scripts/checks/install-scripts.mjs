#!/usr/bin/env node
/** Fails if a package that runs a script when it is installed is not known and justified, or is known and gone. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { acceptedInstallScripts, listInstallScriptProblems } from '../lib/packages/install-scripts.mjs';

process.chdir(resolve(import.meta.dirname, '../..'));

const problems = listInstallScriptProblems(readFileSync('package-lock.json', 'utf8'));
for (const problem of problems) process.stdout.write(`${problem}\n`);
for (const [name, reason] of acceptedInstallScripts) process.stdout.write(`${name}: ${reason}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
