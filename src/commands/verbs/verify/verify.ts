import { migrationOperand } from '../../migration/named-migration.js';
import type { Verb } from '../../verb.js';

/** `longhaul verify NAME|FILE` */
export const verify: Verb = {
  name: 'verify',
  summary: 'compares the objects of a migration with what was written',
  description:
    'Has the workers look at every object that has a receipt: is it there, with its size, ETag, checksum, metadata, ' +
    'tags and storage class? With --sample or --full, objects are also read back, unpacked and compared by SHA-256 ' +
    'and CRC-32. Lists the objects beside them that no unit names. Writes nothing to the target, and may run beside ' +
    'the migration. It is a workflow of its own, verify/NAME, which watch, status, pause, resume, cancel and ' +
    'failures know by that name. Ctrl-C leaves it running; the same command attaches to it. `retry NAME` repairs ' +
    'what it found. Exit status 4: an object differs.',
  operands: [migrationOperand],
  options: ['readBack', 'seed', 'full', 'since'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_WEB_UI',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'verify orders', does: 'look at every object, and read none' },
    { line: 'verify orders --sample 1%', does: 'also read back one object in a hundred' },
    { line: 'verify orders --full', does: 'read back every object; says first what that takes' },
    { line: 'verify orders --since 2026-01-31', does: 'only what was published since' },
  ],
  run: async (call) => (await import('./run-verify.js')).runVerify(call),
};
