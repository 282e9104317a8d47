import type { UnitLimit } from './process-resources.js';

/**
 * Runs `move` when its turn comes, and leaves the queue at once when the signal is aborted before that: a cancelled
 * slice must not wait behind units of others. Rejects with the signal's reason then; once `move` has begun, settles as
 * it does.
 */
export function inTurn<T>(limit: UnitLimit, move: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    const begin = async (): Promise<void> => {
      signal.removeEventListener('abort', leave);
      // The place of an aborted caller comes up here, and is given back.
      if (!signal.aborted) await move().then(resolve, reject);
    };
    limit(begin).catch(reject);
  });
}
