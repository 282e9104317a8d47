import { verifiedMigration } from '../../domain/ids.js';
import { failureClassRow, isFailureClass } from '../../domain/failure-classes.js';
import { refusalStatus } from '../ending/describe-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import type { StatusDocument } from './status-document.js';

/** Returns the exit status of a verb that has shown where a migration stands. It is about the whole, not a round. */
export function exitStatusOfPhase({
  name,
  phase,
  blocked,
  failure,
}: Pick<StatusDocument, 'name' | 'phase' | 'blocked' | 'failure'>): ExitStatus {
  switch (phase) {
    case 'preparing':
    case 'running':
    case 'pausing':
    case 'paused':
    case 'completed':
      return exitStatus.done;
    case 'completed-with-failures':
      return verifiedMigration(name) === undefined ? exitStatus.failedUnits : exitStatus.difference;
    case 'blocked':
      return isWithoutWorkers({ blocked }) ? exitStatus.unreachable : exitStatus.blocked;
    case 'cancelled':
      return exitStatus.cancelled;
    case 'failed':
      // A configuration that `prepare` refused and a store that it could not reach have statuses of their own.
      return failure?.class != null && isFailureClass(failure.class)
        ? refusalStatus(failureClassRow(failure.class).exit)
        : exitStatus.unexpected;
  }
}

/** Tells whether what blocks a migration is that nobody works on it. */
export function isWithoutWorkers({ blocked }: Pick<StatusDocument, 'blocked'>): boolean {
  return blocked.some((each) => each.class === 'NoWorkers');
}
