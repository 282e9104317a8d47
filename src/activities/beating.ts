import type { Context } from '@temporalio/activity';

// The worker throttles what is delivered; the calls in between cost next to nothing.
const beatEveryMs = 1_500;

/** The heartbeat of a running activity. */
export interface Beating {
  /** Sets the details of the next heartbeats. */
  set(details: unknown): void;
  /** Sends a heartbeat at once, so that a failure thrown next carries the newest details. */
  now(): void;
  stop(): void;
}

/** Sends heartbeats with the latest details every second and a half, whatever the activity is doing, until stopped. */
export function startBeating(context: Pick<Context, 'heartbeat'>, first: unknown): Beating {
  let latest = first;
  const beat = (): void => context.heartbeat(latest);
  beat();
  const timer = setInterval(beat, beatEveryMs);
  return {
    set: (details) => void (latest = details),
    now: beat,
    stop: () => clearInterval(timer),
  };
}
