import { toFailure } from '../domain/failure.js';
import type { FailureClass } from '../domain/failure-classes.js';
import { AdaptiveRate, type ThrottledRate } from './adaptive-rate.js';
import { RequestPace } from './request-pace.js';
import { Silence } from './silence.js';

const asksForFewer: ReadonlySet<FailureClass> = new Set(['SourceThrottled', 'TargetThrottled']);

/**
 * Keeps the requests of a process to one store at the rate that the store accepts, first come, first served. A store
 * that has never asked for fewer requests is not throttled.
 */
export class StoreThrottle {
  /** How long the store has answered nothing. Waiting for a turn is not waiting for the store. */
  readonly silence = new Silence();
  readonly #rate = new AdaptiveRate();
  readonly #pace = new RequestPace(() => this.#rate.limit?.perSecond);

  /** The rate that the store was held to; `sinceMs` is `performance.now()`. Undefined for full speed. */
  get limit(): ThrottledRate | undefined {
    return this.#rate.limit;
  }

  /** Waits for the turn of a request. Rejects with the signal's reason when that is aborted. */
  turn(signal: AbortSignal): Promise<void> {
    return this.#pace.turn(signal);
  }

  /** Notes how a request ended; with `error` if it failed. */
  told(error?: unknown): void {
    if (error === undefined) this.#rate.answered(performance.now());
    else if (asksForFewer.has(toFailure(error).failureClass)) this.#rate.refused(performance.now());
  }
}
