import { ActivityFailure, isCancellation } from '@temporalio/workflow';

/**
 * Tells whether a slice was interrupted by a cancel request. Such a slice may return a partial result, and then throws
 * nothing. It is cancelled at once if it was queued or waited for its next attempt. If its attempt fails, or times out
 * because the worker died, Temporal reports that failure with the retry state CANCEL_REQUESTED, not a cancellation.
 */
export function isInterrupted(error: unknown): boolean {
  return isCancellation(error) || (error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED');
}
