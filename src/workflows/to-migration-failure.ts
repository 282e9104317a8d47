import { ApplicationFailure, ChildWorkflowFailure, TemporalFailure } from '@temporalio/workflow';
import { isFailureClass } from '../domain/failure-classes.js';
import type { MigrationFailure } from './messages.js';

/**
 * Returns the class and message of the failure that ended an activity or a partition: those of the first cause that has
 * a failure class, or `Unexpected` with the innermost message. An error that is not from Temporal is thrown again: it
 * is a bug in workflow code, which must fail the workflow task, not the migration. Once the code is repaired, the
 * migration continues.
 */
export function toMigrationFailure(error: unknown): MigrationFailure {
  if (!(error instanceof TemporalFailure)) throw error;
  let innermost: Error = error;
  while (innermost.cause instanceof Error) {
    innermost = innermost.cause;
    if (innermost instanceof ApplicationFailure && isFailureClass(innermost.type ?? '')) break;
  }
  const type = innermost instanceof ApplicationFailure ? (innermost.type ?? '') : '';
  if (isFailureClass(type)) return { class: type, message: innermost.message };
  // For example, somebody cancelled or terminated a partition by hand.
  const who =
    error instanceof ChildWorkflowFailure ? `${error.execution.workflowId ?? 'a partition'} ended by itself: ` : '';
  return { class: 'Unexpected', message: `${who}${innermost.message}` };
}

/** Returns the final workflow failure that has the class of a {@link MigrationFailure} as its type. */
export function toWorkflowFailure(failure: MigrationFailure): ApplicationFailure {
  return ApplicationFailure.create({ type: failure.class, message: failure.message, nonRetryable: true });
}
