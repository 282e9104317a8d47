#!/usr/bin/env node
/** Fails on a production dependency whose licence is not known to be compatible with Apache-2.0. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { listLicenceProblems } from '../lib/licence-problems.mjs';

process.chdir(resolve(import.meta.dirname, '../..'));

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const installed = Object.keys(packages)
  .filter((path) => path !== '' && packages[path].dev !== true && existsSync(`${path}/package.json`))
  .map((path) => JSON.parse(readFileSync(`${path}/package.json`, 'utf8')));

const problems = listLicenceProblems(installed);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${installed.length} production packages looked at, ${problems.length} with a problem\n`);
process.exitCode = problems.length === 0 && installed.length > 0 ? 0 : 1;
