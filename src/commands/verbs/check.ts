import type { Verb } from '../verb.js';

/** `longhaul check FILE` */
export const check: Verb = {
  name: 'check',
  summary: 'finds out whether a migration would work, before anything moves',
  description:
    'Reads the migration file and all units as start does, without staging them, and compares them with what is ' +
    'staged under the name of the migration. Tries everything that a migration relies on at its target, such as ' +
    'conditional writes and checksums: with the credentials of this program, and on a worker with those of the ' +
    'worker. A worker also lists and reads a little at each source account. Asks Temporal for workers, retention and ' +
    'search attributes. Every probe has a verdict (ok, warning, failed or not checked) and says what to do. Nothing ' +
    'is left behind.',
  operands: [{ name: 'file', description: 'the migration file' }],
  options: [],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'LONGHAUL_TRUSTED_HOSTS',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'check migration.yaml', does: 'look at everything, and say what to do' },
    { line: 'check migration.yaml --json', does: 'the same, as a JSON document with a verdict for each probe' },
  ],
  run: async (call) => (await import('../check/run-check.js')).runCheck(call),
};
