import { migrationOperand } from '../migration/named-migration.js';
import type { Verb } from '../verb.js';

/** `longhaul report NAME|FILE` */
export const report: Verb = {
  name: 'report',
  summary: 'writes one page about a migration: figures, charts, failures, cost, and what was left behind',
  description:
    'Reads the ledger and writes one HTML page that needs no network and no script: what was moved, throughput over ' +
    'time, sizes, the largest and the slowest units, failures, throttling, verification, cost, and what was left ' +
    'behind, over all rounds. The migration may still be running. The page goes to standard output, to a file, or ' +
    'to an object s3://bucket/key at the store of the target. With --json, the document has the same figures, and ' +
    'the page goes only to -o.',
  operands: [migrationOperand],
  options: ['output', 'prices'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'AWS_PROFILE'],
  examples: [
    { line: 'report orders -o report.html', does: 'to a file' },
    {
      line: 'report ./migration.yaml -o s3://audit/orders.html',
      does: 'to an object, even after Temporal forgot it',
    },
    { line: 'report orders --prices prices.yaml -o report.html', does: 'use your own prices' },
    { line: 'report orders --json', does: 'the figures alone' },
  ],
  run: async (call) => (await import('../report/run-report.js')).runReport(call),
};
