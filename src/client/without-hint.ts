import { failureClassRow, type FailureClass } from '../domain/failure-classes.js';

/**
 * Removes what to do next from a worker's message, where it is for the Web UI. The command line has a line of its own
 * for it.
 */
export function withoutHint(message: string, failureClass: FailureClass): string {
  const hint = `. Next: ${failureClassRow(failureClass).hint}`;
  return message.endsWith(hint) ? message.slice(0, -hint.length) : message;
}
