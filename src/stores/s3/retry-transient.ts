import pRetry from 'p-retry';
import { Failure } from '../../domain/failure.js';

// With pauses of 0.6, 1.2, 2.4, 4.8 and 9.6 s this bridges the seconds for which a restarted store answers 500.
const retriesMax = 5;

/**
 * Makes a request that may be repeated up to six times in about 19 s, while its failures pass by themselves. Aborts
 * with the signal's reason.
 */
export async function retryTransient<T>(
  call: () => Promise<T>,
  options: { readonly signal: AbortSignal; readonly pauseMs: number },
): Promise<T> {
  const { signal, pauseMs } = options;
  signal.throwIfAborted();
  return pRetry(call, {
    retries: retriesMax,
    minTimeout: pauseMs,
    factor: 2,
    signal,
    shouldRetry: ({ error }) => error instanceof Failure && passes(error),
  });
}

function passes({ failureClass }: Failure): boolean {
  return failureClass === 'TargetNetwork' || failureClass === 'TargetThrottled' || failureClass === 'WorkerResource';
}
