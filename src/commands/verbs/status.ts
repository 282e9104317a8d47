import { exitStatusOfPhase } from '../status/exit-status-of-phase.js';
import { migrationOperand } from '../migration/named-migration.js';
import { renderStatus, statusView } from '../status/render-status.js';
import { findStatus } from '../status/find-status.js';
import type { Verb } from '../verb.js';

/** `longhaul status NAME|FILE` */
export const status: Verb = {
  name: 'status',
  summary: 'shows where a migration stands',
  description:
    'Shows phase, units, blobs, bytes, rate and time left of a migration. With NAME it asks Temporal. With FILE it ' +
    'reads the control prefix, so it also works after Temporal has forgotten the migration.',
  operands: [migrationOperand],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'LONGHAUL_WEB_UI', 'AWS_PROFILE'],
  examples: [
    { line: 'status orders', does: 'figures of the migration "orders"' },
    { line: 'status ./migration.yaml', does: 'the same, from the control prefix if necessary' },
    { line: 'status orders --json', does: 'for scripts' },
  ],
  run: async ({ context, printer, operands }) => {
    const operand = operands[0] ?? '';
    const document = await findStatus(context, operand);
    printer.say(renderStatus(document, statusView(context, operand)));
    printer.document(document);
    return exitStatusOfPhase(document);
  },
};
