import type { Verb } from '../../verb.js';

/** `longhaul init [dir]` */
export const init: Verb = {
  name: 'init',
  summary: 'writes a commented migration file and a units file to start from',
  description:
    'Writes migration.yaml, units.csv and migration.schema.json, by which editors complete and check the migration ' +
    'file. Existing files are never overwritten.',
  operands: [{ name: 'dir', description: 'the folder to write to; default: the current one', optional: true }],
  options: ['fromDemo', 'stateDir'],
  variables: [],
  examples: [
    { line: 'init orders', does: 'write the files of a migration "orders", in a folder of that name' },
    { line: 'init try --from-demo', does: "write a small migration of the demo's data, which can be started at once" },
  ],
  run: async (call) => (await import('./run-init.js')).runInit(call),
};
