import { plannedMigration } from '../../domain/ids.js';
import { failureClassRow, isFailureClass } from '../../domain/failure-classes.js';
import type { CommandContext } from '../ports/context.js';
import { shellWord } from '../screen/shell-word.js';
import type { StatusDocument } from './status-document.js';

/** How the user has named a migration: the commands that are shown name it likewise. */
export interface Naming extends Pick<CommandContext, 'invocation'> {
  /** NAME or FILE. */
  readonly operand: string;
}

/** Returns what an operator may do next about a migration, with the command to paste. Every phase has a next step. */
export function nextStep(document: StatusDocument, { invocation, operand }: Naming): string {
  const command = (verb: string, more = ''): string => `\`${invocation} ${verb} ${shellWord(operand)}${more}\``;
  const isPlan = plannedMigration(document.name) !== undefined;
  switch (document.phase) {
    case 'preparing':
    case 'running':
      return document.runId === null ? `start it: \`${invocation} start FILE\`` : `follow it: ${command('watch')}`;
    case 'pausing':
    case 'paused':
      return `continue it: ${command('resume')}`;
    case 'blocked':
      return blockedStep(document, command);
    case 'completed':
      if (isPlan) return planStep(invocation);
      return `to move what has changed since: \`${invocation} start FILE --again\``;
    case 'completed-with-failures':
      if (isPlan) return planStep(invocation);
      return `see what has failed: ${command('failures')}; then move it again: ${command('retry')}`;
    case 'cancelled':
      return `continue it: ${command('resume')}`;
    case 'failed':
      return failedStep(document, command);
  }
}

const planStep = (invocation: string): string => `see what it found: \`${invocation} plan FILE\``;

type Command = (verb: string, more?: string) => string;

function blockedStep({ blocked }: StatusDocument, command: Command): string {
  const first = blocked[0]?.class;
  const hint = first === undefined ? 'correct what is named above' : failureClassRow(first).hint;
  if (first === 'NoWorkers') return hint;
  if (first === 'TooManyFailures') {
    const decide = `${command('resume', ' --accept-failures')} or ${command('cancel')}`;
    return `see what has failed: ${command('failures')}; then ${decide}`;
  }
  return `${hint}; to try again at once: ${command('resume')}`;
}

/** Nothing continues on its own any more: the part of a hint that promises it is for a migration that is blocked. */
function failedStep({ failure }: StatusDocument, command: Command): string {
  const failureClass = failure?.class ?? null;
  if (failureClass === null || !isFailureClass(failureClass))
    return `continue it from its ledger: ${command('resume')}`;
  const [remedy = ''] = failureClassRow(failureClass).hint.split(/; Longhaul /);
  return `${remedy}; then continue: ${command('resume')}`;
}
