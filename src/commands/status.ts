import { parseMigrationArgument } from './migration-argument.js';
import { exitStatusOfPhase } from './exit-status-of-phase.js';
import { renderStatus } from './render-status.js';
import { statusOfFile } from './status-of-file.js';
import { statusOfName } from './status-of-name.js';
import type { Verb } from './verb.js';

/** `longhaul status NAME|FILE` */
export const status: Verb = {
  name: 'status',
  summary: 'shows where a migration stands',
  description:
    'Shows phase, units, blobs, bytes, rate and time left of a migration. With NAME it asks Temporal; with FILE it also works ' +
    'after Temporal has forgotten the migration, because it reads the control prefix.',
  operands: [{ name: 'name|file', description: 'name of a migration, or path of its migration file' }],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_WEB_UI', 'AWS_PROFILE'],
  examples: [
    { line: 'status orders', does: 'figures of the migration "orders"' },
    { line: 'status ./migration.yaml', does: 'the same, from the control prefix if need be' },
    { line: 'status orders --json', does: 'for scripts' },
  ],
  run: async ({ context, printer, operands }) => {
    const argument = parseMigrationArgument(operands[0] ?? '');
    const document =
      argument.kind === 'name'
        ? await statusOfName(context, argument.name)
        : await statusOfFile(context, argument.path);
    printer.say(renderStatus(document, context.out.style, context.now()));
    printer.document(document);
    return exitStatusOfPhase(document);
  },
};
