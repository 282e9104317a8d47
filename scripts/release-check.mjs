#!/usr/bin/env node
/** Says what still keeps this checkout from being released, and fails if anything does. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { releaseProblems } from './lib/packages/release-problems.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const problems = releaseProblems({
  manifest,
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  recordedFormats: readdirSync('test/property/control/fixtures'),
  isClean: git('status', '--porcelain') === '',
  tags: git('tag', '--points-at', 'HEAD').split('\n'),
});
for (const problem of problems) process.stdout.write(`- ${problem}\n`);
process.stdout.write(problems.length === 0 ? `${manifest.version} may be released.\n` : 'Not to be released yet.\n');
process.exitCode = problems.length === 0 ? 0 : 1;
