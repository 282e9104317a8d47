#!/usr/bin/env node
/** Runs the soak test for as long as `--hours N` or `--minutes N` says; ten minutes by default. */
import { parseArgs } from 'node:util';
import { runProcess } from './lib/run-process.mjs';

const { values } = parseArgs({ options: { hours: { type: 'string' }, minutes: { type: 'string' } } });
const minutes = Number(values.minutes ?? Number(values.hours ?? 10 / 60) * 60);
if (!(minutes > 0)) {
  process.stderr.write('--hours and --minutes are positive numbers, such as --hours 8\n');
  process.exitCode = 2;
} else {
  const environment = { LONGHAUL_SOAK_MINUTES: String(minutes) };
  process.exitCode = await runProcess(process.execPath, ['scripts/run-tests.mjs', 'soak'], environment);
}
