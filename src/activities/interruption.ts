import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/**
 * Returns what an activity throws after its signal was aborted: the signal's own reason, never an AbortError or an
 * error that the abort has caused. The SDK would report those as a cancel that nobody asked for, and the attempt would
 * hang until its heartbeat timeout.
 */
export function interruptionOf({ cancellationDetails, cancellationSignal }: InterruptedContext): unknown {
  const { cancelRequested, workerShutdown } = cancellationDetails ?? {};
  if (workerShutdown !== true || cancelRequested === true) return cancellationSignal.reason;
  // As the SDK itself reports it, apart from the delay: shutdowns count as attempts, so that the tenth deploy in a row
  // would wait a minute.
  return ApplicationFailure.create({
    type: shutdownType,
    message: 'the worker was shut down; another one continues',
    nextRetryDelay: afterShutdown,
  });
}

type InterruptedContext = Pick<Context, 'cancellationDetails' | 'cancellationSignal'>;

/** The failure type of an attempt that ended because its worker was shut down. */
export const shutdownType = 'WorkerShutdown';

// The delay after a first failure.
const afterShutdown = '1 second';
