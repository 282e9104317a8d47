#!/usr/bin/env node
/**
 * Installs Debian's Chromium for the browser tests, where none is found and this process may: it is root, and there is
 * an apt. Never fails, because everything else can be tested without a browser; the tests then say what they skipped.
 */
import { findBrowser } from './lib/find-browser.mjs';
import { runProcess } from './lib/run-process.mjs';

if (findBrowser(process.env) === undefined) {
  try {
    await install();
  } catch (error) {
    say(`Cannot install a browser: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (findBrowser(process.env) === undefined) say('Found no browser: the browser tests will not run.');
}

async function install() {
  if (process.getuid?.() !== 0) throw new Error('only root may.');
  say('Installing Chromium for the browser tests …');
  await apt(60, ['update']);
  // Without a font, a page is drawn without text.
  await apt(300, ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']);
}

/**
 * Runs apt-get, not for long: a package mirror that hangs must not hold up everything else.
 *
 * @param {number} patienceSeconds
 * @param {readonly string[]} args
 */
async function apt(patienceSeconds, args) {
  const command = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=60', ...args];
  const bounded = ['--kill-after=10', String(patienceSeconds), ...command];
  const status = await runProcess('timeout', bounded, { DEBIAN_FRONTEND: 'noninteractive' });
  if (status !== 0) throw new Error(`\`${command.join(' ')}\` ended with status ${status}.`);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
