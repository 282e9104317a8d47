#!/usr/bin/env node
/** Fails on a package that reaches users and whose licence is not known to be compatible with Apache-2.0. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { listLicenceProblems } from '../lib/packages/licence-problems.mjs';
import { listShippedPackages } from '../lib/packages/shipped-packages.mjs';

process.chdir(resolve(import.meta.dirname, '../..'));

const installed = listShippedPackages(readFileSync('package-lock.json', 'utf8'))
  .filter((path) => existsSync(`${path}/package.json`))
  .map((path) => JSON.parse(readFileSync(`${path}/package.json`, 'utf8')));

const problems = listLicenceProblems(installed);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${installed.length} shipped packages looked at, ${problems.length} with a problem\n`);
process.exitCode = problems.length === 0 && installed.length > 0 ? 0 : 1;
