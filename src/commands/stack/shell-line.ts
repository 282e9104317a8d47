import type { CommandContext } from '../ports/context.js';
import { shellWord } from '../screen/shell-word.js';

/**
 * Returns the line that brings a stack's variables into a POSIX shell. `stateDir` is what the user gave, if anything.
 */
export function shellLine({ invocation }: Pick<CommandContext, 'invocation'>, stateDir: string | undefined): string {
  return `eval "$(${invocation} dev env${stateDirOption(stateDir)})"`;
}

/** Returns ` --state-dir DIR`, or nothing. */
export function stateDirOption(stateDir: string | undefined): string {
  return stateDir === undefined ? '' : ` --state-dir ${shellWord(stateDir)}`;
}
