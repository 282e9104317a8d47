import { ActivityFailure, isCancellation } from '@temporalio/workflow';

/**
 * Tells whether a slice was interrupted by a cancel. It shows in three ways besides a partial result: cancelled at once
 * because it was queued or in back-off; failed after the cancel was asked for, which Temporal reports as that failure
 * with the retry state CANCEL_REQUESTED and not as a cancellation; timed out then, because its worker died.
 */
export function isInterrupted(error: unknown): boolean {
  return isCancellation(error) || (error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED');
}
