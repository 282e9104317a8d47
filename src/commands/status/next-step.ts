import { nextStep as nextStepOf } from '../../domain/next-step.js';
import type { CommandContext } from '../ports/context.js';
import { shellWord } from '../screen/shell-word.js';
import type { StatusDocument } from './status-document.js';

/** How the user named a migration: commands that are shown name it in the same way. */
export interface Naming extends Pick<CommandContext, 'invocation'> {
  /** NAME or FILE. */
  readonly operand: string;
}

/** Returns what an operator may do next about a migration, with the command to paste. Every phase has a next step. */
export function nextStep(document: StatusDocument, { invocation, operand }: Naming): string {
  const { name, phase, runId, blocked, failure } = document;
  return nextStepOf(
    { name, phase, isStarted: runId !== null, blocked, failureClass: failure?.class },
    {
      about: (verb, more = '') => `\`${invocation} ${verb} ${shellWord(operand)}${more}\``,
      of: (verb, other) => `\`${invocation} ${verb} ${shellWord(other)}\``,
      ofFile: (verb, more = '') => `\`${invocation} ${verb} FILE${more}\``,
    },
  );
}
