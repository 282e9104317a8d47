import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'how soon the command line answers, and a worker is ready, and how much memory that takes';

export const options = /** @type {const} */ ({
  runs: { type: 'string', default: '11', least: 1, description: 'runs of each command; the figures are medians' },
});

/** @param {{ runs: string }} values */
export async function run({ runs }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const { module } = await runnerImport('./bench/startup/measure-startup.ts');
  const { commands, workers } = await module.measureStartup({ runs: Number(runs) });
  process.stdout.write(`${markdownTable(['command', 'time', 'CPU time', 'most memory'], commands)}\n`);
  process.stdout.write(`${markdownTable(['process', 'ready after', 'CPU time', 'memory at rest'], workers)}\n`);
}
