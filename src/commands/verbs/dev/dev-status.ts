import { exitStatus } from '../../ending/exit-status.js';
import { knownStack } from '../../stack/known-stack.js';
import { renderStack, stackDocument } from '../../stack/render-stack.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev status` */
export const devStatus: Verb = {
  name: 'dev status',
  summary: 'shows the parts of the local stack',
  description:
    'Shows the parts of the local stack and where they listen. The exit status is 6 if one of them is not running.',
  operands: [],
  options: ['stateDir'],
  variables: [],
  examples: [
    { line: 'dev status', does: 'what is running, and where' },
    { line: 'dev status --json', does: 'for scripts' },
  ],
  run: async ({ context, printer, options }) => {
    const stack = await knownStack(context, options.stateDir);
    printer.say(renderStack(stack, context.out.style));
    printer.document(stackDocument(stack));
    return stack.parts.every(({ alive }) => alive) ? exitStatus.done : exitStatus.unreachable;
  },
};
