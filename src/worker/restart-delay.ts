const firstMs = 1_000;
const longestMs = 30_000;
const healthyAfterMs = 60_000;

/**
 * Gives the milliseconds to wait before a process that has died is started again: 1 s, doubled each time up to 30 s, and from the start
 * again once it has lived for a minute.
 */
export function restartDelayMs(previousMs: number, livedMs: number): number {
  if (previousMs === 0 || livedMs >= healthyAfterMs) return firstMs;
  return Math.min(previousMs * 2, longestMs);
}
