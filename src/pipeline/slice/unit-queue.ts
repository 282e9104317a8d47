import type { Failure } from '../../domain/failure.js';
import type { WaitingUnit } from '../../domain/stored/ledger-lines.js';
import type { StagedUnit } from '../../domain/unit.js';

/** A unit that waits for somebody: a credential, a permission, a bucket. */
export interface DeferredUnit {
  readonly unit: StagedUnit;
  readonly failure: Failure;
}

/**
 * A unit that failed and is tried again. Times are milliseconds since the epoch, because a later attempt may continue
 * counting.
 */
export interface TroubledUnit {
  readonly index: number;
  /** When its requests began to fail. */
  readonly sinceMs: number;
  /** Tries in a row that failed. */
  readonly failures: number;
  /** Others of the same account or target were or would be done meanwhile, so the fault may be the unit's own. */
  readonly others: boolean;
  /** The last failure; absent until the unit fails in this attempt. */
  readonly failure?: Failure | undefined;
}

/**
 * The units of a slice that are still to be moved. A failure that may pass sends a unit to the back with a growing
 * delay; one that blocks an account or the target defers it for the rest of the attempt.
 */
export class UnitQueue {
  readonly #ready: StagedUnit[];
  readonly #delayed = new Map<StagedUnit, number>();
  readonly #troubled: Map<number, TroubledUnit>;
  readonly #failed = new Set<number>();
  readonly #deferred: DeferredUnit[] = [];

  /**
   * `troubled` are the units that were still waiting to be tried again when the previous attempt handed back. A unit
   * that may not begin stays where it is, and others overtake it.
   */
  constructor(
    units: readonly StagedUnit[],
    troubled: readonly TroubledUnit[] = [],
    private readonly mayBegin: (unit: StagedUnit) => boolean = () => true,
  ) {
    this.#ready = [...units].reverse();
    this.#troubled = new Map(troubled.map((each) => [each.index, each]));
  }

  /** Units that have not been taken yet, and did not fail. */
  get ready(): readonly StagedUnit[] {
    return this.#ready;
  }

  get deferred(): readonly DeferredUnit[] {
    return this.#deferred;
  }

  /** Units that failed and have not ended since, being tried again or not. */
  get troubled(): readonly TroubledUnit[] {
    return [...this.#troubled.values()];
  }

  /** Units not taken and not deferred. */
  get waiting(): number {
    return this.#ready.length + this.#delayed.size;
  }

  /** How long until a unit may begin, in milliseconds; undefined if none is left. */
  untilNext(nowMs: number): number | undefined {
    if (this.#ready.some((unit) => this.mayBegin(unit))) return 0;
    const delays = [...this.#delayed.values()].map((notBefore) => Math.max(0, notBefore - nowMs));
    if (this.#ready.length > 0) delays.push(noRoomMs);
    return delays.length === 0 ? undefined : Math.min(...delays);
  }

  /** Reports whether the unit was given back in this attempt. */
  hasFailed(unit: StagedUnit): boolean {
    return this.#failed.has(unit.index);
  }

  /** Takes the next unit that may begin at `nowMs`, or undefined. */
  take(nowMs: number): StagedUnit | undefined {
    const next = this.#ready.findLastIndex((unit) => this.mayBegin(unit));
    if (next >= 0) return this.#ready.splice(next, 1)[0];
    for (const [unit, notBefore] of this.#delayed) {
      if (notBefore > nowMs || !this.mayBegin(unit)) continue;
      this.#delayed.delete(unit);
      return unit;
    }
    return undefined;
  }

  /** Notes a failure that may pass and returns the trouble so far; `began` says when its requests began to fail. */
  noteFailure(
    { index }: StagedUnit,
    failure: Failure,
    began: { readonly ms: number; readonly others: boolean },
  ): TroubledUnit {
    const before = this.#troubled.get(index);
    const troubled = {
      index,
      sinceMs: before?.sinceMs ?? began.ms,
      failures: (before?.failures ?? 0) + 1,
      others: before?.others === true || began.others,
      failure,
    };
    this.#troubled.set(index, troubled);
    this.#failed.add(index);
    return troubled;
  }

  /** Notes that others would get through where a troubled unit does not. */
  noteOthers({ index }: StagedUnit): void {
    const troubled = this.#troubled.get(index);
    if (troubled !== undefined) this.#troubled.set(index, { ...troubled, others: true });
  }

  /**
   * Gives a unit back after a failure that may pass: for 1 s at first and at most a minute, or as long as the other
   * side asked.
   */
  retryLater(unit: StagedUnit, nowMs: number): void {
    const { failures = 1, failure } = this.#troubled.get(unit.index) ?? {};
    const grownMs = firstDelayMs * 2 ** Math.min(failures - 1, 16);
    this.#delayed.set(unit, nowMs + Math.min(Math.max(grownMs, failure?.retryAfterMs ?? 0), longestDelayMs));
  }

  /** Puts a unit aside until what blocks it is released. */
  defer(unit: StagedUnit, failure: Failure): void {
    this.settle(unit.index);
    this.#deferred.push({ unit, failure });
  }

  /** Takes back the units that were put aside for something that blocks: somebody may have put it right. */
  takeBack(): void {
    for (const { unit, failure } of this.#deferred.splice(0)) {
      if (failure.row.blocks === true) this.#ready.push(unit);
      else this.#deferred.push({ unit, failure });
    }
  }

  /** Forgets the trouble of a unit that has ended, or has made progress that lasts. */
  settle(index: number): void {
    this.#troubled.delete(index);
  }
}

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
/** A slice whose units find no room asks again after this, so that others get its place meanwhile. */
const noRoomMs = 30_000;

/** Returns the trouble of a unit as the ledger keeps it for the next attempt. */
export function toWaiting({ index, sinceMs, failures, others }: TroubledUnit): WaitingUnit {
  return { index, since: new Date(sinceMs).toISOString(), failures, ...(others && { others }) };
}

/** Returns the trouble of a unit that an earlier attempt has left. */
export function toTroubled({ index, since, failures, others }: WaitingUnit): TroubledUnit {
  return { index, sinceMs: Date.parse(since), failures, others: others === true };
}
