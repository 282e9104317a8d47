import type { FailureClass } from '../../domain/failure-classes.js';
import type { UnitTime } from '../../domain/receipt.js';

/** What one unit takes in an attempt at its slice, over all its tries. */
export class UnitEffort {
  readonly #beganMs = performance.now();
  readonly #retries = new Map<FailureClass, number>();

  /** Notes a request that failed and is repeated. */
  failed(failureClass: FailureClass): void {
    this.#retries.set(failureClass, (this.#retries.get(failureClass) ?? 0) + 1);
  }

  /** Returns what it has taken so far, for the receipt. */
  get soFar(): UnitTime {
    const ms = Math.round(performance.now() - this.#beganMs);
    return this.#retries.size === 0 ? { ms } : { ms, retries: Object.fromEntries(this.#retries) };
  }
}
