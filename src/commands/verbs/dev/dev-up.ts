import { exitStatus } from '../../ending/exit-status.js';
import { shellLine } from '../../shell-line.js';
import { renderStack, stackDocument } from '../../stack/stack-text.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev up` */
export const devUp: Verb = {
  name: 'dev up',
  summary: 'starts the local stack, or attaches to it',
  description:
    'Starts Temporal with its Web UI, Azurite, an S3 server and workers on this machine, and returns when each has been proven by ' +
    'a write and a read. They go on after the command has ended. What runs already is left alone.',
  operands: [],
  options: ['stateDir', 'portBase', 'stores'],
  variables: ['LONGHAUL_TEMPORAL_CLI', 'LONGHAUL_WEED'],
  examples: [
    { line: 'dev up', does: 'start everything' },
    { line: 'dev up --state-dir ./stack --port-base 17000', does: 'a second stack beside the first' },
    { line: 'dev up --no-stores', does: 'Temporal and workers, for real clouds' },
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
