import { exitStatus } from '../../ending/exit-status.js';
import { knownStack } from '../../stack/known-stack.js';
import { renderStack, stackDocument } from '../../stack/stack-text.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev status` */
export const devStatus: Verb = {
  name: 'dev status',
  summary: 'shows the parts of the local stack',
  description:
    'Shows the parts of the local stack and where they listen. Ends with status 6 when one of them does not run.',
  operands: [],
  options: ['stateDir'],
  variables: [],
  examples: [
    { line: 'dev status', does: 'what runs, and where' },
    { line: 'dev status --json', does: 'for scripts' },
  ],
  run: async ({ context, printer, options }) => {
    const stack = await knownStack(context, options.stateDir);
    printer.say(renderStack(stack, context.out.style));
    printer.document(stackDocument(stack));
    return stack.parts.every(({ alive }) => alive) ? exitStatus.done : exitStatus.unreachable;
  },
};
