import { Failure } from '../../domain/failure.js';

// After it the partition schedules the slice again: no attempt grows old, and a stuck one is noticed.
const takeUnitsForMs = 30 * 60_000;
const finishUnitsWithinMs = 5 * 60_000;
const stalledAfterMs = 10 * 60_000;

/** Ends an attempt that is out of time; not a failure. */
export const outOfTime = new Error('the attempt is out of time');

/** The time limits of one attempt at a slice, by a monotonic clock. */
export class AttemptClock {
  #startedMs = performance.now();
  #lastByteMs = performance.now();

  /** Notes that a byte has moved, or that an answer came. */
  moved(): void {
    this.#lastByteMs = performance.now();
  }

  /** Notes that the attempt only waits for its turn behind others: that is no stall, and where it has moved nothing yet its half hour has not begun. */
  waits({ hasMoved }: { readonly hasMoved: boolean }): void {
    this.moved();
    if (!hasMoved) this.#startedMs = performance.now();
  }

  /** Tells whether units may still begin. */
  get takesUnits(): boolean {
    return performance.now() - this.#startedMs <= takeUnitsForMs;
  }

  /** Throws {@link outOfTime}, or `Stalled` where no byte has moved for ten minutes. */
  check(what: string): void {
    const nowMs = performance.now();
    if (nowMs - this.#lastByteMs > stalledAfterMs)
      throw new Failure('Stalled', `no byte moved for 10 minutes in ${what}`);
    if (nowMs - this.#startedMs > takeUnitsForMs + finishUnitsWithinMs) throw outOfTime;
  }
}
