import type { Failure } from '../../domain/failure.js';
import type { StagedUnit } from '../../domain/unit.js';

/** A unit that waits for somebody: a credential, a permission, a bucket. */
export interface DeferredUnit {
  readonly unit: StagedUnit;
  readonly failure: Failure;
}

/**
 * The units of a slice that are still to be moved. A transient failure sends a unit to the back with a growing delay; one that blocks an
 * account or the target defers it for the rest of the attempt.
 */
export class UnitQueue {
  readonly #ready: StagedUnit[];
  readonly #delayed = new Map<StagedUnit, number>();
  readonly #failures = new Map<number, number>();
  readonly #deferred: DeferredUnit[] = [];

  constructor(units: readonly StagedUnit[]) {
    this.#ready = [...units].reverse();
  }

  get deferred(): readonly DeferredUnit[] {
    return this.#deferred;
  }

  /** Units not taken and not deferred. */
  get waiting(): number {
    return this.#ready.length + this.#delayed.size;
  }

  /** Tells whether the unit was given back before. */
  hasFailed(unit: StagedUnit): boolean {
    return this.#failures.has(unit.index);
  }

  /** Takes the next unit that may begin at `nowMs`, or undefined. */
  take(nowMs: number): StagedUnit | undefined {
    const next = this.#ready.pop();
    if (next !== undefined) return next;
    for (const [unit, notBefore] of this.#delayed) {
      if (notBefore > nowMs) continue;
      this.#delayed.delete(unit);
      return unit;
    }
    return undefined;
  }

  /** Gives a unit back after a failure that may pass: 1 s at first, at most a minute, or as long as the other side asked. */
  retryLater(unit: StagedUnit, failure: Failure, nowMs: number): void {
    const failures = (this.#failures.get(unit.index) ?? 0) + 1;
    this.#failures.set(unit.index, failures);
    const delayMs = Math.min(Math.max(firstDelayMs * 2 ** (failures - 1), failure.retryAfterMs ?? 0), longestDelayMs);
    this.#delayed.set(unit, nowMs + delayMs);
  }

  /** Puts a unit aside until what blocks it is released. */
  defer(unit: StagedUnit, failure: Failure): void {
    this.#deferred.push({ unit, failure });
  }
}

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
