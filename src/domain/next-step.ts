import { failureClassRow, isFailureClass, type FailureClass } from './failure-classes.js';
import { plannedMigration, verifiedMigration } from './ids.js';
import type { Phase } from './figures/progress.js';

/** What the next step depends on. */
export interface Situation {
  readonly name: string;
  readonly phase: Phase;
  /** Whether Temporal has a workflow of it. */
  readonly isStarted: boolean;
  /** What blocks, in the order in which it is shown. */
  readonly blocked: readonly { readonly class: FailureClass }[];
  /** The class of what ended it, if it failed and the class is known. */
  readonly failureClass?: string | null | undefined;
}

/** How commands are written where the step is shown. Both return a command to paste, in backticks. */
export interface CommandWords {
  /** A command about the migration: `longhaul resume orders --accept-failures`. */
  readonly about: (verb: string, more?: string) => string;
  /** A command about another name: `longhaul retry orders`, said about its verification. */
  readonly of: (verb: string, name: string) => string;
  /** A command that takes the migration file: `longhaul start FILE --again`. */
  readonly ofFile: (verb: string, more?: string) => string;
}

/** Returns what an operator may do next about a migration, with the command to paste. Every phase has a next step. */
export function nextStep(situation: Situation, { about, of, ofFile }: CommandWords): string {
  const isPlan = plannedMigration(situation.name) !== undefined;
  const verified = verifiedMigration(situation.name);
  switch (situation.phase) {
    case 'preparing':
    case 'running':
      return situation.isStarted ? `follow it: ${about('watch')}` : `start it: ${ofFile('start')}`;
    case 'pausing':
    case 'paused':
      return `continue it: ${about('resume')}`;
    case 'blocked':
      return blockedStep(situation, about);
    case 'completed':
      if (isPlan) return `see what it found: ${ofFile('plan')}`;
      if (verified !== undefined) return `verify again: ${of('verify', verified)}`;
      return `to move what has changed since: ${ofFile('start', ' --again')}`;
    case 'completed-with-failures':
      if (isPlan) return `see what it found: ${ofFile('plan')}`;
      if (verified !== undefined)
        return `see what differs: ${about('failures')}; then repair it: ${of('retry', verified)}`;
      return `see what has failed: ${about('failures')}; then move it again: ${about('retry')}`;
    case 'cancelled':
      return `continue it: ${about('resume')}`;
    case 'failed':
      return failedStep(situation, about);
  }
}

function blockedStep({ blocked }: Situation, about: CommandWords['about']): string {
  const first = blocked[0]?.class;
  const hint = first === undefined ? 'correct what is named above' : failureClassRow(first).hint;
  if (first === 'NoWorkers') return hint;
  if (first === 'TooManyFailures') {
    const decide = `${about('resume', ' --accept-failures')} or ${about('cancel')}`;
    return `see what has failed: ${about('failures')}; then ${decide}`;
  }
  return `${hint}; to try again at once: ${about('resume')}`;
}

/** Nothing continues on its own any more: the part of a hint that promises it is for a migration that is blocked. */
function failedStep({ failureClass }: Situation, about: CommandWords['about']): string {
  if (failureClass == null || !isFailureClass(failureClass)) return `continue it from its ledger: ${about('resume')}`;
  const [remedy = ''] = failureClassRow(failureClass).hint.split(/; Longhaul /);
  return `${remedy}; then continue: ${about('resume')}`;
}
