#!/usr/bin/env node
/**
 * Runs every check of the sources, says how long each took, and fails if any failed. All of them run in any case.
 * `--without-tests` leaves out the unit tests, for those who run all tests anyway.
 */
import { resolve } from 'node:path';
import { formatDuration, runProcess } from './lib/run-process.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

/** Each step: its name, and the Node program that does it. */
const steps = [
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'] },
  { name: 'types', args: ['node_modules/typescript/lib/tsc.js', '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'dependency laws',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.js',
      'src',
      'test',
    ],
  },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  {
    name: 'code used only by tests',
    args: ['node_modules/knip/bin/knip.js', '--no-progress', '--production', '--include=files,dependencies'],
  },
  { name: 'licences', args: ['scripts/checks/licences.mjs'] },
  { name: 'third-party notices', args: ['scripts/third-party-notices.mjs', '--check'] },
  { name: 'picture of the architecture', args: ['scripts/draw-architecture.mjs', '--check'] },
  { name: 'page of the command line', args: ['scripts/cli-docs.mjs', '--check'] },
  { name: 'page of the failure classes', args: ['scripts/failure-docs.mjs', '--check'] },
  { name: 'page of the migration file', args: ['scripts/migration-file-docs.mjs', '--check'] },
  { name: 'install scripts', args: ['scripts/checks/install-scripts.mjs'] },
  { name: 'advisories', args: ['scripts/audit.mjs'] },
  { name: 'locked packages', args: ['scripts/checks/locked-packages.mjs'] },
  { name: 'unit tests', args: ['scripts/run-tests.mjs', 'unit'] },
];

const withoutTests = process.argv.includes('--without-tests');
const results = [];
for (const { name, args } of steps.filter(({ name }) => !withoutTests || name !== 'unit tests')) {
  process.stdout.write(`── ${name}\n`);
  const startedAt = performance.now();
  const status = await runProcess(process.execPath, args);
  results.push({ name, ok: status === 0, took: formatDuration(performance.now() - startedAt) });
}

process.stdout.write('\n');
for (const { name, ok, took } of results) process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${took})\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
