import { migrationOperand } from '../../migration/named-migration.js';
import type { Verb } from '../../verb.js';

/** `longhaul retry NAME|FILE` */
export const retry: Verb = {
  name: 'retry',
  summary: 'moves the failed units of a migration again, and those that differ, as the next round',
  description:
    'Stages the next round and starts it: the units that have failed, and those whose objects the last verification ' +
    'found different. The latter are replaced whatever target.overwrite says, unless the object is foreign. Refused ' +
    'while a round is open: `resume` it, or wait for its end.',
  operands: [migrationOperand],
  options: ['class', 'unit'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_CANCEL_PATIENCE',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'retry orders', does: 'move all failed units again, and those that differ' },
    { line: 'retry orders --class Verify', does: 'only what the last verification found different' },
    { line: 'retry orders --class Source', does: 'only those whose class begins with Source' },
  ],
  run: async (call) => (await import('./run-retry.js')).runRetry(call),
};
