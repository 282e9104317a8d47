import { runnerImport } from 'vite';

export const summary = 'the bake-off: Longhaul beside scripts, actors, queues and rclone, on the same blobs';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '1000', least: 1, description: 'units of the list: 1000 or 5000 as in the story' },
  rows: { type: 'string', default: '', description: 'names of rows, with commas; all by default' },
  runs: { type: 'string', default: '1', least: 1, description: 'runs of each; medians are shown' },
  latency: { type: 'string', default: '30', least: 0, description: 'milliseconds that are added to each request' },
  'no-kill': { type: 'boolean', default: false, description: 'do not kill each once at half to see what is redone' },
  'report-only': { type: 'boolean', default: false, description: 'measure nothing; write the report of what is there' },
  out: { type: 'string', default: 'docs/bench', description: 'where results, table and charts go' },
});

/** @param {Record<string, string | boolean>} values */
export async function run(values) {
  const { module } = await runnerImport('./bench/bakeoff/bakeoff-command.ts');
  await module.bakeoffCommand(values);
}
