import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'what stage clocks and the metrics endpoint cost, beside the same slices without them';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '200', description: 'units of ten blobs of 10 KB in each of the slices' },
  rounds: { type: 'string', default: '7', description: 'slices of each kind, in turn' },
});

/** @param {{ units: string, rounds: string }} values */
export async function run({ units, rounds }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const { module } = await runnerImport('./bench/telemetry/measure-telemetry.ts');
  const rows = await module.measureTelemetry({ units: Number(units), rounds: Number(rounds) });
  process.stdout.write(`${markdownTable(['slices', 'ms of CPU a blob', 'times the first'], rows)}\n`);
}
