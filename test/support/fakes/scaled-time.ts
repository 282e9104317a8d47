import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Makes time pass `factor` times faster for the code under test: its waits are shortened and its monotonic clock runs
 * faster, so that back-off and patience keep their order and proportions; with `wallClock`, so does the time of day.
 * `leap` advances only the clocks.
 */
export function useScaledTime(
  factor: number,
  { wallClock = false }: { readonly wallClock?: boolean } = {},
): { leap(ms: number): void } {
  let leapt = 0;
  const waitForReal = timersPromises.setTimeout;
  beforeEach(() => {
    leapt = 0;
    const now = performance.now.bind(performance);
    const timeout = globalThis.setTimeout;
    const started = now();
    vi.spyOn(performance, 'now').mockImplementation(() => started + (now() - started) * factor + leapt);
    const startedAt = Date.now();
    if (wallClock) {
      const passed = (): number => (now() - started) * factor + leapt;
      vi.spyOn(Date, 'now').mockImplementation(() => Math.round(startedAt + passed()));
    }
    const scaled = (run: (...given: readonly unknown[]) => void, ms = 0, ...given: readonly unknown[]) =>
      timeout(run, ms / factor, ...given);
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(scaled as typeof setTimeout);
    timersPromises.setTimeout = (ms, value, options) => waitForReal((ms ?? 0) / factor, value, options);
    syncBuiltinESMExports();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    timersPromises.setTimeout = waitForReal;
    syncBuiltinESMExports();
  });
  return {
    leap: (ms) => {
      leapt += ms;
    },
  };
}
