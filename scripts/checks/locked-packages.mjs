#!/usr/bin/env node
/**
 * Fails when the lock holds Temporal packages that do not fit together, names download hosts, or lacks other platforms'
 * packages.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { listLockProblems } from '../lib/packages/lock-problems.mjs';

process.chdir(resolve(import.meta.dirname, '../..'));

const problems = [
  ...listLockProblems(readFileSync('package-lock.json', 'utf8')),
  // What is installed counts as well: npm can leave a tree that differs from the lock it was given.
  ...listLockProblems(readFileSync('node_modules/.package-lock.json', 'utf8'), { installed: true }),
];
for (const problem of new Set(problems)) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
