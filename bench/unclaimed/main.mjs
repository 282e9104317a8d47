import { runnerImport } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'how long it takes, and how much memory and disk, to find the blobs that no unit claims';

export const options = /** @type {const} */ ({
  blobs: {
    type: 'string',
    default: '10000000',
    least: 1,
    description: 'blobs that are listed; nearly as many are claimed',
  },
  order: {
    type: 'string',
    default: 'bytes',
    among: ['bytes', 'folders'],
    description: 'order of the listing: bytes, or folders (sorted first)',
  },
});

/** @param {{ blobs: string, order: string }} values */
export async function run({ blobs, order }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const { module } = await runnerImport('./bench/unclaimed/measure-unclaimed.ts');
  const { steps, figures } = await module.measureUnclaimed({ blobs: Number(blobs), order });
  process.stdout.write(`${markdownTable(['step', 'seconds', 'items a second'], steps)}\n`);
  process.stdout.write(`${markdownTable(['figure', 'value'], figures)}\n`);
}
