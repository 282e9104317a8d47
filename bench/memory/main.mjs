import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'the most memory of a worker process, with blobs of 10 KB and with blobs ten times as large';

export const options = /** @type {const} */ ({
  units: {
    type: 'string',
    default: '400',
    least: 1,
    description: 'units of small blobs; a tenth of them of large ones',
  },
  latency: { type: 'string', default: '30', least: 0, description: 'milliseconds that are added to each request' },
});

/** @param {{ units: string, latency: string }} values */
export async function run({ units, latency }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const { module } = await runnerImport('./bench/memory/measure-memory.ts');
  const rows = await module.measureMemory({
    ...{ units: Number(units), latencyMs: Number(latency) },
    /** @param {string} line */
    tell: (line) => void process.stderr.write(`${line}\n`),
  });
  const head = ['blobs', 'units', 'a worker process at most', 'times the first', 'all of Longhaul at most'];
  process.stdout.write(markdownTable(head, rows));
}
