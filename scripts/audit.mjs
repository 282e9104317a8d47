#!/usr/bin/env node
/**
 * Asks the registry for advisories on the packages that reach users, and fails on one of level high or critical. If the
 * registry serves none, it says "not run" and does not fail: that is the one check that may be left out.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { auditVerdict } from './lib/packages/audit-verdict.mjs';
import { listShippedPackages } from './lib/packages/shipped-packages.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

// Bounded, because a registry that hangs says no more than one that refuses.
const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  timeout: 60_000,
  maxBuffer: 64 * 1024 * 1024,
});
const { verdict, lines } = auditVerdict(stdout ?? '', listShippedPackages(readFileSync('package-lock.json', 'utf8')));
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = verdict === 'bad' ? 1 : 0;
