import type { Verb } from '../verb.js';
import { migrationOperand } from '../migration/named-migration.js';

/** `longhaul export NAME|FILE` */
export const exportLineage: Verb = {
  name: 'export',
  summary: 'writes the lineage of everything: a line for each unit and each source blob',
  description:
    'Reads the ledger and writes a line for each unit, with its object and the proof of it, followed by a line for ' +
    'each of its source blobs, in the order in which they were joined. `object` of a blob is null unless its bytes ' +
    'are proven to be in place. Lines go to standard output, to a file, or to an object s3://bucket/key at the ' +
    'store of the target, compressed if the name ends with .gz. With --json, the document has the number of lines, ' +
    'and the lines go only to -o.',
  operands: [migrationOperand],
  options: ['format', 'output'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'AWS_PROFILE'],
  examples: [
    { line: 'export orders > orders.ndjson', does: 'to standard output' },
    { line: 'export orders --format csv -o orders.csv.gz', does: 'as CSV, compressed' },
    { line: 'export ./migration.yaml -o s3://audit/orders.ndjson.gz', does: 'to an object' },
  ],
  run: async (call) => (await import('../export/run-export.js')).runExport(call),
};
