import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'what each safety costs: CPU time a blob of 10 KB, with ten blobs to a unit';

export const options = /** @type {const} */ ({
  rounds: { type: 'string', default: '5', description: 'how often each is measured; the figures are the least' },
});

/** @param {{ rounds: string }} values */
export async function run({ rounds }) {
  const { module } = await runnerImport('./bench/safety/measure-safety.ts');
  process.stdout.write(`${machineLine()}\n\n`);
  process.stdout.write(markdownTable(['safety', 'µs a blob'], await module.measureSafety(Number(rounds))));
}
