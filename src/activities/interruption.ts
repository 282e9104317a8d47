import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/**
 * Gives what an activity throws whose signal was aborted: the signal's own reason, never an AbortError or what an abort has caused. The SDK
 * would take that for a cancel that nobody asked for, and the attempt would hang until its heartbeat timeout.
 */
export function interruptionOf({ cancellationDetails, cancellationSignal }: InterruptedContext): unknown {
  const { cancelRequested, workerShutdown } = cancellationDetails ?? {};
  if (workerShutdown !== true || cancelRequested === true) return cancellationSignal.reason;
  // As the SDK itself reports it, but for the delay: shutdowns count as attempts, so the tenth deploy in a row would wait for a minute.
  return ApplicationFailure.create({
    type: shutdownType,
    message: 'the worker was shut down; another one goes on',
    nextRetryDelay: afterShutdown,
  });
}

type InterruptedContext = Pick<Context, 'cancellationDetails' | 'cancellationSignal'>;

/** The type of failure of an attempt that its worker's shutdown has ended. */
export const shutdownType = 'WorkerShutdown';

// As after a first failure.
const afterShutdown = '1 second';
