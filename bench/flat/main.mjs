import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'whether memory stays flat over a million units, through Temporal and the real ledger';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '1000000', least: 1, description: 'units of the migration, one small blob each' },
  processes: { type: 'string', default: '2', least: 1, description: 'worker processes' },
  calm: { type: 'boolean', default: false, description: 'no upgrade, no other server, no new key in the middle' },
});

/** @param {{ units: string, processes: string, calm: boolean }} values */
export async function run({ units, processes, calm }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const { module } = await runnerImport('./bench/flat/measure-flat.ts');
  const { samples, figures } = await module.measureFlat({
    ...{ units: Number(units), processes: Number(processes), calm },
    /** @param {string} line */
    tell: (line) => void process.stderr.write(`${line}\n`),
  });
  const head = ['units done', 'minutes', 'workers, MiB each', 'CLI, MiB', 'Temporal, MiB', 'database, MiB'];
  process.stdout.write(`${markdownTable(head, samples)}\n${markdownTable(['figure', 'value'], figures)}`);
}
