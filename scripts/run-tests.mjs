#!/usr/bin/env node
/**
 * Runs tiers of tests and ends with one plain line: `N passed, N failed`, then what was skipped, if anything was.
 *
 * Arguments: names of tiers, or of sets of tiers (`default`, `long`); the rest is passed to vitest, where a path or a
 * `-t name` narrows the run. Fails on a failed test, on a skipped or unfinished one that is not expected, on a test
 * file that was not run, and when nothing ran at all.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listBelow } from './lib/build-inputs.mjs';
import { findBrowser } from './lib/find-browser.mjs';
import { findCluster } from './lib/find-cluster.mjs';
import { findOnPath } from './lib/find-on-path.mjs';
import { runProcess } from './lib/run-process.mjs';
import { summarise } from './lib/summarise-tests.mjs';
import { projectsOf } from './lib/test-projects.mjs';
import { chooseTiers, expectedSkips, planRuns, testTiers } from './lib/test-tiers.mjs';

const top = resolve(import.meta.dirname, '..');
process.chdir(top);

const { tiers, skipped, rest } = readArguments(process.argv.slice(2));
const testFiles = listBelow('test').filter((path) => path.endsWith('.test.ts'));
const { status, report } = await runTiers();
const { problems, closingLine } = summarise({
  report,
  vitestStatus: status,
  expectedSkips,
  expectedFiles: rest.length === 0 ? testFiles.filter((path) => tiers.some((tier) => isIn(tier, path))) : [],
  emptyTiers: tiers.filter((tier) => tier.mayBeEmpty !== true && !testFiles.some((path) => isIn(tier, path))),
  skippedTiers: skipped,
  strayFiles: testFiles.filter((path) => !testTiers.some((tier) => isIn(tier, path))),
  narrowed: rest.length > 0,
  top,
});
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${closingLine}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param {readonly string[]} args */
function readArguments(args) {
  const isChoice = (/** @type {string} */ arg) => testTiers.some(({ name, set }) => arg === name || arg === set);
  const firstOther = args.findIndex((arg) => !isChoice(arg));
  const chosen = firstOther === -1 ? args : args.slice(0, firstOther);
  const names = chosen.length === 0 ? ['default'] : chosen;
  return {
    ...chooseTiers(names, {
      browser: findBrowser(process.env),
      go: findOnPath(['go'], process.env),
      cluster: findCluster(process.env),
    }),
    rest: args.slice(chosen.length),
  };
}

/**
 * @param {{ name: string }} tier
 * @param {string} path
 */
function isIn(tier, path) {
  return path.startsWith(`test/${tier.name}/`);
}

/**
 * Runs the tiers, those that keep the processors busy beside those that wait, and returns one report of all.
 *
 * @returns {Promise<{ status: number, report: import('./lib/summarise-tests.mjs').TestReport | undefined }>}
 */
async function runTiers() {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-tests-'));
  const runs = [];
  try {
    for (const [position, lanes] of planRuns(tiers).entries()) {
      const reportPath = (/** @type {number} */ lane) => join(folder, `${position}-${lane}.json`);
      runs.push(
        ...(await Promise.all(lanes.map((lane, index) => runVitest(lane, reportPath(index), lanes.length > 1)))),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const reports = runs.flatMap(({ report }) => report ?? []);
  return {
    status: runs.find(({ status }) => status !== 0)?.status ?? 0,
    // Without one of the reports, nothing is known about its tests: they must not count as passed.
    report: reports.length < runs.length ? undefined : { testResults: reports.flatMap((each) => each.testResults) },
  };
}

/**
 * @param {readonly import('./lib/test-tiers.mjs').TestTier[]} lane
 * @param {string} reportPath
 * @param {boolean} sharesTerminal whether another run writes to this terminal meanwhile
 * @returns {Promise<{ status: number, report: import('./lib/summarise-tests.mjs').TestReport | undefined }>}
 */
async function runVitest(lane, reportPath, sharesTerminal) {
  const args = [
    ...['node_modules/vitest/vitest.mjs', 'run', '--allowOnly=false', '--passWithNoTests'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
    ...lane.flatMap(projectsOf).flatMap(({ name }) => ['--project', name]),
    ...rest,
  ];
  const status = await (sharesTerminal ? runPiped : runProcess)(process.execPath, args);
  return { status, report: existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, 'utf8')) : undefined };
}

/**
 * Runs a program without a terminal, so that it prints lines and draws no live summary over another's.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function runPiped(program, args) {
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'] });
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  const [status] = await once(child, 'close');
  return status ?? 1;
}
