import type { Verb } from '../../verb.js';

/** `longhaul demo` */
export const demo: Verb = {
  name: 'demo',
  summary: 'shows everything on this machine: generates data, migrates it and verifies the result',
  description:
    'Starts the local stack, generates data in Azurite, migrates it to the S3 server with live progress, and ' +
    'verifies every object. Each demo is a separate migration with its own data: demo, demo-2 and so on. The stack ' +
    'keeps running afterwards.',
  operands: [],
  options: ['units', 'fresh', 'stateDir', 'portBase'],
  variables: ['LONGHAUL_TEMPORAL_CLI', 'LONGHAUL_AZURITE', 'LONGHAUL_WEED'],
  examples: [
    { line: 'demo', does: 'the whole demo, in a few minutes' },
    { line: 'demo --units 20 --fresh', does: 'a short one, after deleting the data of earlier ones' },
  ],
  run: async (call) => (await import('./run-demo.js')).runDemo(call),
};
