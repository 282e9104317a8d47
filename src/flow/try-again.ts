import { setTimeout as wait } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { FailureClass } from '../domain/failure-classes.js';
import { toFailure } from '../domain/failure.js';

/** How often and how patiently one request is tried again. */
export interface Patience {
  /** Tries after the first. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** For one request: about 15 s in all, long enough for a dropped connection or a throttled second; longer trouble is the unit's. */
export const requestPatience: Patience = { retries: 5, firstDelayMs: 250, longestDelayMs: 8_000 };

/**
 * Runs `attempt` and tries it again with growing, jittered delays while {@link isWorthAnotherTry}. Rejects with the last failure, or
 * with the signal's own reason once that is aborted.
 */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  patience: Patience = requestPatience,
): Promise<T> {
  try {
    return await retry(attempt, signal, patience);
  } catch (error) {
    // Timers and libraries reject with errors of their own when they are aborted.
    signal.throwIfAborted();
    throw error;
  }
}

// The same request would meet the same answer: the unit must start again.
const startsUnitAgain: ReadonlySet<FailureClass> = new Set(['TargetUploadGone', 'TargetRace']);

/** Tells whether a failure may pass within seconds: retryable, and not one that waits for an operator. */
export function isWorthAnotherTry(error: unknown): boolean {
  const { row, failureClass } = toFailure(error);
  return row.retry !== 'no' && row.blocks !== true && !startsUnitAgain.has(failureClass);
}

function retry<T>(attempt: () => Promise<T>, signal: AbortSignal, patience: Patience): Promise<T> {
  return pRetry(attempt, {
    retries: patience.retries,
    minTimeout: patience.firstDelayMs,
    maxTimeout: patience.longestDelayMs,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => !signal.aborted && isWorthAnotherTry(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const retryAfterMs = toFailure(error).retryAfterMs;
      if (retryAfterMs === undefined || retriesLeft === 0 || signal.aborted) return;
      // What the server asks for comes before our own delay, but not beyond the longest: a hostile header must not stop a unit.
      await wait(Math.min(retryAfterMs, patience.longestDelayMs), undefined, { signal });
    },
  });
}
