#!/usr/bin/env node
/**
 * Makes a checkout ready to run: installs the locked dependencies if they are missing, and builds if the build was not
 * made from these sources. Uses nothing but Node, because it runs before anything is installed. Does nothing when all
 * is well, in a few milliseconds.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { buildNotePath, digestBuildInputs, listCodecs } from './lib/build-inputs.mjs';
import { missingPackages } from './lib/packages/missing-packages.mjs';
import { formatDuration, runProcess } from './lib/run-process.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
refuseOldNode();
await installDependencies();
await build();

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 15)) return;
  stop(`Longhaul needs Node 20.15 or later; this is ${process.versions.node}. Install one from https://nodejs.org.`);
}

async function installDependencies() {
  const reason = missingPackages(readLock('package-lock.json'), readInstalled());
  if (reason === undefined) return;
  const startedAt = performance.now();
  say(`Installing dependencies (${reason}); this takes a minute or two …`);
  // npm shows progress only on a terminal. Elsewhere a line now and then shows that it is alive.
  const ticker = setInterval(() => say(`… still installing, ${tookSince(startedAt)}`), 15_000);
  const [program, args] = npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  const status = await runProcess(program, args, { LONGHAUL_BUILD_LATER: '1' });
  clearInterval(ticker);
  if (status !== 0) {
    stop(
      `Installing dependencies failed: \`npm ci\` ended with status ${status}; its messages are above. ` +
        'Check the network and the npm registry settings (`npm ping`), then run the same command again.',
    );
  }
  say(`Installed in ${tookSince(startedAt)}.`);
}

async function build() {
  const built = existsSync(buildNotePath) && readFileSync(buildNotePath, 'utf8').trim() === digestBuildInputs();
  // Tests run the sources, which load the codecs from their own folder.
  if (built && listCodecs().every(({ binary }) => existsSync(binary))) return;
  const status = await runProcess(process.execPath, ['scripts/build.mjs']);
  if (status !== 0) stop('The build failed; its messages are above.');
}

/**
 * Returns the npm that runs this script, else the one on PATH.
 *
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function npm(args) {
  const running = process.env['npm_execpath'];
  const isNpm = running !== undefined && basename(running) === 'npm-cli.js';
  return isNpm ? [process.execPath, [running, ...args]] : ['npm', args];
}

/** Returns what npm recorded after its last complete install, without what has been removed since. */
function readInstalled() {
  const noted = readLock('node_modules/.package-lock.json');
  return noted && { packages: Object.fromEntries(Object.entries(noted.packages).filter(([path]) => existsSync(path))) };
}

/**
 * @param {string} path
 * @returns {import('./lib/packages/missing-packages.mjs').Lock | undefined}
 */
function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** @param {number} startedAt */
function tookSince(startedAt) {
  return formatDuration(performance.now() - startedAt);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  say(message);
  process.exit(1);
}
