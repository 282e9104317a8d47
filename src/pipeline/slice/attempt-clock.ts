import { Failure } from '../../domain/failure.js';

// The partition then schedules the slice again: no attempt grows old, and other slices get a turn.
const takeUnitsForMs = 30 * 60_000;
const stalledAfterMs = 10 * 60_000;

/**
 * The time limits of one attempt at a slice, by a monotonic clock. Units begin within half an hour; those in flight
 * after that continue for as long as they advance.
 */
export class AttemptClock {
  #startedMs: number | undefined;
  #advancedMs = performance.now();

  /**
   * Notes that a unit begins; the half hour runs from the first one, because waiting behind other slices takes no time
   * of this one.
   */
  begins(): void {
    this.advanced();
    this.#startedMs ??= performance.now();
  }

  /** Notes any answer or byte, in any stage. */
  advanced(): void {
    this.#advancedMs = performance.now();
  }

  /** Reports whether units may still begin. */
  get takesUnits(): boolean {
    return this.#startedMs === undefined || performance.now() - this.#startedMs <= takeUnitsForMs;
  }

  /** Fails with `Stalled` if nothing has advanced for ten minutes. */
  check(what: string): void {
    if (performance.now() - this.#advancedMs > stalledAfterMs)
      throw new Failure('Stalled', `no answer and no byte for 10 minutes in ${what}`);
  }
}
