import type { Context } from '@temporalio/activity';

// The worker's throttle decides what is delivered; calls in between cost next to nothing.
const beatEveryMs = 1_500;

/** The heartbeat of a running activity. */
export interface Beating {
  /** Sets what is beaten from now on. */
  set(details: unknown): void;
  /** Beats at once, so that what comes next (a throw) carries the newest details with it. */
  now(): void;
  stop(): void;
}

/** Beats the latest details every second and a half, whatever the activity is doing, until stopped. */
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
