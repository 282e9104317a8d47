import type { Verb } from '../verb.js';

/** `longhaul start FILE` */
export const start: Verb = {
  name: 'start',
  summary: 'starts the migration of a file, or attaches to it',
  description:
    'Reads the migration file and its units, stages the units under the control prefix and starts the migration. If ' +
    'it is already running or has ended, that is reported and nothing moves. With --again, the next round of one ' +
    'that has ended begins: units are read and their blobs found again, and an object is moved only if its blobs ' +
    'have changed (`target.overwrite` says what may be replaced). `longhaul check` finds out first whether it would ' +
    'work.',
  operands: [{ name: 'file', description: 'the migration file' }],
  options: ['watch', 'again'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_CANCEL_PATIENCE',
    'LONGHAUL_WEB_UI',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'LONGHAUL_TRUSTED_HOSTS',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'start migration.yaml', does: 'start the migration and return' },
    { line: 'start migration.yaml --watch', does: 'start it or attach to it, and show progress until it ends' },
    { line: 'start migration.yaml --again', does: 'move what has been added or changed since the last round' },
    { line: 'start migration.yaml --watch --json', does: 'the same, with a JSON document of the outcome' },
  ],
  run: async (call) => (await import('../start/run-start.js')).runStart(call),
};
