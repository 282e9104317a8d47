import type { StackDescription } from '../../local/state/stack-description.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { stateDirOption } from './shell-line.js';

/** Finds the stack of a state directory, or of the default one. Rejects with status 6 if there is none. */
export async function knownStack(context: CommandContext, given: string | undefined): Promise<StackDescription> {
  const stateDir = given ?? context.stack.defaultStateDir;
  const stack = await context.stack.status({ stateDir });
  if (stack !== undefined) return stack;
  throw new CommandError(exitStatus.unreachable, `There is no local stack with its state in ${stateDir}`, {
    next: `start one: \`${context.invocation} dev up${stateDirOption(given)}\``,
  });
}
