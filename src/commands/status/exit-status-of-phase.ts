import { failureClassRow, isFailureClass } from '../../domain/failure-classes.js';
import { refusalStatus } from '../ending/describe-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import type { StatusDocument } from './status-document.js';

/** Returns the exit status of a verb that has told where a migration stands. */
export function exitStatusOfPhase({ phase, failure }: Pick<StatusDocument, 'phase' | 'failure'>): ExitStatus {
  switch (phase) {
    case 'preparing':
    case 'running':
    case 'pausing':
    case 'paused':
    case 'completed':
      return exitStatus.done;
    case 'completed-with-failures':
      return exitStatus.failedUnits;
    case 'blocked':
      return exitStatus.blocked;
    case 'cancelled':
      return exitStatus.cancelled;
    case 'failed':
      // A configuration that `prepare` refused and a store that it could not reach have statuses of their own.
      return failure?.class != null && isFailureClass(failure.class)
        ? refusalStatus(failureClassRow(failure.class).exit)
        : exitStatus.unexpected;
  }
}
