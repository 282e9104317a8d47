import { Failure, toFailure } from '../../domain/failure.js';
import type { FailureClassRow } from '../../domain/failure-classes.js';
import { LocalStackError } from '../../local/failure/local-stack-error.js';
import { CommandError, Interrupted } from './command-error.js';
import { exitStatus, type ExitStatus } from './exit-status.js';

/** An error as the user sees it. */
export interface DescribedError {
  /** What failed and why. */
  readonly text: string;
  /** What to do next. */
  readonly next: string | null;
  /** Its class in the table of failures, if it has one. */
  readonly class: string | null;
  readonly exitStatus: ExitStatus;
}

/**
 * Returns the exit status of a verb that failed with a class. What blocks a running migration, such as a missing bucket
 * or permission, is a mistake in the configuration while nothing runs yet.
 */
export function refusalStatus(exit: FailureClassRow['exit']): ExitStatus {
  return exit === exitStatus.blocked ? exitStatus.usage : exit;
}

/** Turns any error into what the user sees and the status that the program ends with. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof Interrupted) {
    return { text: 'Interrupted.', next: null, class: null, exitStatus: exitStatus.interrupted };
  }
  if (error instanceof CommandError) {
    const failure = error.cause instanceof Failure ? error.cause : undefined;
    return {
      text: error.message,
      next: error.next ?? failure?.row.hint ?? null,
      class: failure?.failureClass ?? null,
      exitStatus: error.exitStatus,
    };
  }
  if (error instanceof LocalStackError) {
    const status = error.kind === 'usage' ? exitStatus.usage : exitStatus.unreachable;
    return { text: error.message, next: error.next ?? null, class: null, exitStatus: status };
  }
  const failure = toFailure(error);
  if (failure.failureClass !== 'Unexpected') {
    return {
      text: failure.message,
      next: failure.row.hint,
      class: failure.failureClass,
      exitStatus: refusalStatus(failure.row.exit),
    };
  }
  return {
    text: error instanceof Error ? error.message || error.name : String(error),
    next: 'run the command again with --debug to see where it happened; if it is a defect, please report it',
    class: null,
    exitStatus: exitStatus.unexpected,
  };
}
