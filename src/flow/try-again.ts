import { setTimeout as wait } from 'node:timers/promises';
import type { FailureClass } from '../domain/failure-classes.js';
import { toFailure } from '../domain/failure.js';

/** How often a request is tried again, and how long to wait in between. */
export interface Patience {
  /** Tries after the first. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/**
 * For one request: about 15 s in all, enough for a dropped connection or a throttled second. The unit deals with longer
 * trouble.
 */
export const requestPatience: Patience = { retries: 5, firstDelayMs: 250, longestDelayMs: 8_000 };

/**
 * Runs `attempt`, and again after growing, jittered delays while {@link isWorthAnotherTry}. Rejects with the last
 * failure, or with the signal's own reason once that is aborted.
 */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  patience: Patience = requestPatience,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      // Timers and libraries reject with errors of their own when they are aborted.
      signal.throwIfAborted();
      if (failures > patience.retries || !isWorthAnotherTry(error)) throw error;
      await pauseBeforeRetry({ error, failures, patience }, signal);
    }
  }
}

// The same request would get the same answer: the unit must start again.
const startsUnitAgain: ReadonlySet<FailureClass> = new Set(['TargetUploadGone', 'TargetRace']);

/** Reports whether a failure may pass within seconds: it is retryable, and does not wait for an operator. */
export function isWorthAnotherTry(error: unknown): boolean {
  const { row, failureClass } = toFailure(error);
  return row.retry !== 'no' && row.blocks !== true && !startsUnitAgain.has(failureClass);
}

/**
 * Waits after a number of failures in a row: twice as long each time, with jitter, or as long as the server asked, up
 * to the longest delay, so that a hostile header cannot stop a unit. Rejects with the signal's reason once that is
 * aborted.
 */
export async function pauseBeforeRetry(
  { error, failures, patience }: { readonly error: unknown; readonly failures: number; readonly patience: Patience },
  signal: AbortSignal,
): Promise<void> {
  const { firstDelayMs, longestDelayMs } = patience;
  const grown = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs) * (1 + Math.random());
  const asked = Math.min(toFailure(error).retryAfterMs ?? 0, longestDelayMs);
  try {
    await wait(Math.max(grown, asked), undefined, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  }
}
