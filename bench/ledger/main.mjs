import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary =
  'what ledger and checkpoints cost in a migration on a local stack, and how soon it continues after a kill -9';

export const options = /** @type {const} */ ({
  units: {
    type: 'string',
    default: '300',
    least: 1,
    description: 'units of the migration; one of them needs several parts',
  },
  kills: {
    type: 'string',
    default: '4',
    description: 'kills of a second migration: worker, Temporal, S3 server, in turn; 0: none',
  },
});

/** @param {{ units: string, kills: string }} values */
export async function run({ units, kills }) {
  process.stdout.write(`${machineLine()}\n\n`);
  // In TypeScript, on top of what the tests use: a stack of its own, and counting proxies in front of its stores.
  const { module } = await runnerImport('./bench/ledger/measure-ledger.ts');
  const { requests, figures, lines } = await module.measureLedger({ units: Number(units), kills: Number(kills) });
  process.stdout.write(`${markdownTable(['requests', 'number', 'share'], requests)}\n`);
  process.stdout.write(`${markdownTable(['cost', 'figure'], figures)}\n${lines.join('\n')}\n`);
}
