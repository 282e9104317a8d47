import type { CommandContext } from '../ports/context.js';

/**
 * Returns the line that brings a stack's variables into a POSIX shell. `stateDir` is what the user gave, if anything.
 */
export function shellLine({ invocation }: Pick<CommandContext, 'invocation'>, stateDir: string | undefined): string {
  return `eval "$(${invocation} dev env${stateDirOption(stateDir)})"`;
}

/** Returns ` --state-dir DIR`, quoted if a shell needs that, or nothing. */
export function stateDirOption(stateDir: string | undefined): string {
  if (stateDir === undefined) return '';
  const plain = /^[\w@%+=:,./-]+$/.test(stateDir);
  return ` --state-dir ${plain ? stateDir : `'${stateDir.replaceAll("'", String.raw`'\''`)}'`}`;
}
