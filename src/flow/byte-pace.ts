import { setTimeout as wait } from 'node:timers/promises';

// So that callers that are already waiting notice a change of the rate.
const lookAgainMs = 1_000;

/**
 * Keeps the bytes of many readers together below a rate. Each caller waits for the bytes that came before its own, so a
 * rate smaller than one piece only means longer waits. Idle time is not saved up, so no burst follows it.
 */
export class BytePace {
  #freeAtMs = 0;

  /** `rate` returns bytes a second, or undefined for no limit; it may change at any time. */
  constructor(readonly rate: () => number | undefined) {}

  /** Waits until these bytes may pass. Aborting the signal rejects. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const rate = this.rate();
      const nowMs = performance.now();
      if (rate === undefined) return;
      if (this.#freeAtMs <= nowMs) {
        this.#freeAtMs = nowMs + (bytes / rate) * 1_000;
        return;
      }
      await wait(Math.min(this.#freeAtMs - nowMs, lookAgainMs), undefined, { signal });
    }
  }
}
