import type { Verb } from '../../verb.js';

/** `longhaul explore az://account[/container[/prefix]]` */
export const explore: Verb = {
  name: 'explore',
  summary: 'looks through an account, and proposes how a migration file could find its blobs',
  description:
    'Lists containers and the shapes of the names in them: dates, hashes, numbers, versions and words are ' +
    'recognised and counted, with sizes, formats, and days without a blob. For each shape it proposes the sections ' +
    'of a migration file that find its blobs, and --units writes the units file that goes with one of them. It runs ' +
    'on a worker, where the credentials are, and makes one list request at a time. A container of more than ' +
    '1,000,000 blobs is sampled unless --whole asks for all of it.',
  operands: [
    {
      name: 'place',
      description:
        'az://account[/container[/prefix]], with an account of the migration file; without one, the account of that ' +
        "name in Azure's public cloud, with the credential of that name or else the Azure identity chain",
    },
  ],
  options: ['accountsOf', 'period', 'unitsFile', 'shape', 'whole'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_TASK_QUEUE', 'LONGHAUL_PAYLOAD_CODEC'],
  examples: [
    { line: 'explore az://prodeast', does: 'all containers of an account' },
    { line: 'explore az://prodeast/events/2019/ --whole', does: 'every blob below a prefix' },
    { line: 'explore az://prodeast/events --period month', does: 'a unit is a month, even where folders have days' },
    {
      line: 'explore az://east/events --migration migration.yaml --units units.csv',
      does: 'write the units of the largest shape',
    },
  ],
  run: async (call) => (await import('./run-explore.js')).runExplore(call),
};
