#!/usr/bin/env node
/** Takes the pictures of the documentation again: runs the browser tests, which draw them into docs/pictures. */
import { resolve } from 'node:path';
import { runProcess } from './lib/run-process.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const args = ['scripts/run-tests.mjs', 'browser', ...process.argv.slice(2)];
process.exitCode = await runProcess(process.execPath, args, { LONGHAUL_TEST_PICTURES: '1' });
