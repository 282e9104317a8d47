import { exitStatus } from '../../ending/exit-status.js';
import { shellLine } from '../../stack/shell-line.js';
import { renderStack, stackDocument } from '../../stack/render-stack.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev up` */
export const devUp: Verb = {
  name: 'dev up',
  summary: 'starts the local stack, or attaches to it',
  description:
    'Starts Temporal with its Web UI, Azurite, an S3 server and workers on this machine, and returns once a write ' +
    'and a read have worked on each of them. They keep running after the command has ended. Parts that are already ' +
    'running are left alone.',
  operands: [],
  options: ['stateDir', 'portBase', 'stores'],
  variables: ['LONGHAUL_TEMPORAL_CLI', 'LONGHAUL_AZURITE', 'LONGHAUL_WEED'],
  examples: [
    { line: 'dev up', does: 'start everything' },
    { line: 'dev up --state-dir ./stack --port-base 17000', does: 'a second stack beside the first' },
    { line: 'dev up --no-stores', does: 'only Temporal and workers, for real clouds' },
  ],
  run: async ({ context, printer, options }) => {
    const { stateDir = context.stack.defaultStateDir, portBase, stores } = options;
    const progress = (line: string): void => printer.note(line);
    const stack = await context.stack.up({ stateDir, portBase, stores, progress }, context.signal);
    const line = shellLine(context, options.stateDir);
    printer.say(renderStack(stack, context.out.style, stack.changes));
    printer.say('To use it, paste this line into your shell:');
    printer.say(line);
    printer.document({ ...stackDocument(stack), changes: stack.changes, shellLine: line });
    return exitStatus.done;
  },
};
