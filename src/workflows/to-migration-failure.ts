import { ApplicationFailure, ChildWorkflowFailure, TemporalFailure } from '@temporalio/workflow';
import { isFailureClass } from '../domain/failure-classes.js';
import type { MigrationFailure } from './messages.js';

/**
 * Gives class and message of the failure that ended an activity or a partition: those of the innermost failure that has
 * a class of the table, or `Unexpected` with the innermost message. Throws anything that is no failure of Temporal's:
 * that is a defect of workflow code, which must stop the workflow's task (it can be repaired and goes on) and not end
 * the migration.
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
  // Somebody cancelled or terminated a partition by hand, for one.
  const who =
    error instanceof ChildWorkflowFailure ? `${error.execution.workflowId ?? 'a partition'} ended by itself: ` : '';
  return { class: 'Unexpected', message: `${who}${innermost.message}` };
}

/** Gives the workflow failure of a {@link MigrationFailure}: its class is the type, and it is final. */
export function toWorkflowFailure(failure: MigrationFailure): ApplicationFailure {
  return ApplicationFailure.create({ type: failure.class, message: failure.message, nonRetryable: true });
}
