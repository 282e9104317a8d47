import { runnerImport } from 'vite';

export const summary = "the bake-off's main rows on a short list, in three minutes; writes no file";

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '300', least: 1, description: 'units of the list' },
  latency: { type: 'string', default: '30', least: 0, description: 'milliseconds that are added to each request' },
});

/** @param {{ units: string, latency: string }} values */
export async function run(values) {
  const { module } = await runnerImport('./bench/bakeoff/quick-bakeoff.ts');
  await module.quickBakeoff(values);
}
