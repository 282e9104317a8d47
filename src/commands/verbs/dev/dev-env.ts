import { formatEnvironment } from '../../../local/format-environment.js';
import { exitStatus } from '../../ending/exit-status.js';
import { knownStack } from '../../stack/known-stack.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev env` */
export const devEnv: Verb = {
  name: 'dev env',
  summary: 'prints the variables that a shell needs to use the local stack',
  description:
    'Prints the variables that a shell needs to use the local stack: addresses, and the credentials made for this ' +
    'stack alone.',
  operands: [],
  options: ['stateDir', 'shell'],
  variables: [],
  examples: [
    { line: 'dev env', does: 'lines for eval "$(…)" in a POSIX shell' },
    { line: 'dev env --shell powershell', does: 'lines for Invoke-Expression' },
    { line: 'dev env --json', does: 'one JSON object' },
  ],
  run: async ({ context, printer, options }) => {
    const variables = context.stack.variables(await knownStack(context, options.stateDir));
    // A shell evaluates these lines, so nothing else may be printed.
    if (!options.json) context.out.write(formatEnvironment(variables, options.shell));
    printer.document(variables);
    return exitStatus.done;
  },
};
