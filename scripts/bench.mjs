#!/usr/bin/env node
/**
 * Runs a benchmark by its name: `npm run bench -- codec`. Each is a folder under `bench` with a `main.mjs`, which
 * exports `summary`, one line; `options`, as `readOptions` takes them; and `run(values)`. It prepares what it needs,
 * writes to standard output and leaves nothing behind, not even a process if a signal ends it. Benchmarks measure and
 * never fail by a time. One that takes too long for a test has a bound of memory, and fails where that is exceeded.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownRun } from '../bench/lib/own-run.mjs';
import { readOptions } from '../bench/lib/read-options.mjs';

/**
 * @typedef {import('../bench/lib/read-options.mjs').BenchmarkOption} BenchmarkOption
 * @typedef {{
 *   summary: string,
 *   options: Record<string, BenchmarkOption>,
 *   run: (values: Record<string, unknown>) => Promise<void>,
 * }} Benchmark
 */

process.chdir(resolve(import.meta.dirname, '..'));
const names = readdirSync('bench').filter((name) => existsSync(join('bench', name, 'main.mjs')));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || name === '--help') process.stdout.write(await listText());
else if (!names.includes(name)) stop(`There is no benchmark "${name}".\n\n${await listText()}`);
else await runBenchmark(name);

/** @param {string} chosen */
async function runBenchmark(chosen) {
  const { options, run, summary } = await load(chosen);
  const { values, problem } = readOptions(args, options);
  if (problem !== undefined) stop(`${problem}\n\n${helpText(chosen, summary, options)}`);
  else if (values['help'] === true) process.stdout.write(helpText(chosen, summary, options));
  else {
    ownRun();
    try {
      await run(values);
    } catch (error) {
      // A value that only the benchmark itself can judge.
      if (!(error instanceof RangeError)) throw error;
      stop(`${error.message}\n`);
    }
  }
}

/**
 * @param {string} chosen
 * @returns {Promise<Benchmark>}
 */
async function load(chosen) {
  return await import(pathToFileURL(resolve('bench', chosen, 'main.mjs')).href);
}

async function listText() {
  const lines = [];
  for (const each of names) lines.push(`  ${each.padEnd(10)}  ${(await load(each)).summary}`);
  return `npm run bench -- NAME [options]; NAME --help shows its options.\n\n${lines.join('\n')}\n`;
}

/**
 * @param {string} chosen
 * @param {string} summary
 * @param {Record<string, BenchmarkOption>} options
 */
function helpText(chosen, summary, options) {
  const lines = Object.entries(options).map(([option, row]) => {
    const fallback = row.default === undefined ? '' : ` (default: ${String(row.default)})`;
    return `  --${`${option}${row.type === 'string' ? ' <value>' : ''}`.padEnd(18)}  ${row.description}${fallback}`;
  });
  return `npm run bench -- ${chosen}: ${summary}\n\n${lines.join('\n')}\n`;
}

/** @param {string} message */
function stop(message) {
  process.stderr.write(message);
  process.exitCode = 2;
}
