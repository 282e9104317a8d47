import { runnerImport } from 'vite';

export const summary = 'more worker processes: where the rate stops growing, and a model of costs up to 100 hosts';

export const options = /** @type {const} */ ({
  processes: { type: 'string', default: '1,2,4,8', description: 'numbers of worker processes to move the same work' },
  latency: { type: 'string', default: '30', least: 0, description: 'milliseconds that each request to a store takes' },
  server: {
    ...{ type: 'string', default: 'local', among: ['local', 'cluster'] },
    description: 'local, or cluster: on PostgreSQL, with hosts (as root)',
  },
  quick: { type: 'boolean', default: false, description: 'a sixteenth of the units, to try it; prints the pages' },
  'report-only': { type: 'boolean', default: false, description: 'measure nothing; write the documents anew' },
});

/** @param {Record<string, string | boolean>} values */
export async function run(values) {
  const { module } = await runnerImport('./bench/scaling/scaling-command.ts');
  await module.scalingCommand(values);
}
