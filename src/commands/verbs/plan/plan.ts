import type { Verb } from '../../verb.js';

/** `longhaul plan FILE` */
export const plan: Verb = {
  name: 'plan',
  summary: 'shows what a migration would do: gaps, sizes, requests, cost and time',
  description:
    'Has the workers find the blobs of every unit, or of a sample, without reading or writing any, and adds them ' +
    'up: which units are ready, incomplete, empty or suspicious, how many blobs, bytes and requests there are, what ' +
    'they cost and how long they take. The plan is a workflow of its own, plan/NAME, which watch, status, pause, ' +
    'resume and cancel know by that name. Ctrl-C leaves it running; the same command attaches to it, and reports on ' +
    'it once it has ended. --again makes a new plan. With --unclaimed, every container that the migration touches ' +
    'is listed once, and what no unit claims is reported. Exit status 3: a unit would fail, or a blob is unclaimed.',
  operands: [{ name: 'file', description: 'the migration file' }],
  options: ['again', 'sample', 'seed', 'prices', 'blobRate', 'unclaimed', 'csv', 'reportDir'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_WEB_UI',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'LONGHAUL_TRUSTED_HOSTS',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'plan migration.yaml', does: 'plan all units' },
    { line: 'plan migration.yaml --again', does: 'plan them again, after the source has changed' },
    { line: 'plan migration.yaml --sample 1%', does: 'plan a sample, and extrapolate' },
    { line: 'plan migration.yaml --unclaimed', does: 'also find what would stay behind' },
    { line: 'plan migration.yaml -o plan', does: 'also write a page, a table of the units and the JSON document' },
    { line: 'plan migration.yaml --prices prices.yaml', does: 'use your own prices' },
  ],
  run: async (call) => (await import('./run-plan.js')).runPlan(call),
};
