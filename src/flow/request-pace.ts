import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import { inTurn } from './in-turn.js';

/**
 * Idle time that is saved up: timers are late by a few milliseconds, and without any the rate would never be reached.
 * No second has more than a tenth too many requests.
 */
const savedMs = 100;

// So that a caller that is already waiting notices a change of the rate.
const lookAgainMs = 1_000;

/** Keeps requests together below a rate, first come, first served. */
export class RequestPace {
  readonly #queue = pLimit(1);
  #freeAtMs = 0;

  /** `rate` returns requests a second, or undefined for no limit; it may change at any time. */
  constructor(readonly rate: () => number | undefined) {}

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#queue.pendingCount + this.#queue.activeCount;
  }

  /** Waits until one more request may be made. Rejects with the signal's reason when that is aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    if (this.rate() === undefined) return;
    // One listener for each unit that waits; Node would warn of a leak at the eleventh.
    setMaxListeners(0, signal);
    try {
      await inTurn(this.#queue, () => this.#take(signal), signal);
    } catch (error) {
      // A timer rejects with an error of its own.
      signal.throwIfAborted();
      throw error;
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    for (;;) {
      const rate = this.rate();
      if (rate === undefined) return;
      const nowMs = performance.now();
      this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - savedMs);
      if (this.#freeAtMs <= nowMs) {
        this.#freeAtMs += 1_000 / rate;
        return;
      }
      await wait(Math.min(this.#freeAtMs - nowMs, lookAgainMs), undefined, { signal });
    }
  }
}
