import type { Suspect } from '../../domain/careful-mode.js';
import { toFailure, type Failure } from '../../domain/failure.js';
import type { WaitingUnit } from '../../domain/stored/ledger-lines.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { SliceLedger } from '../../control/ledger/slice-ledger.js';
import { SharedListings } from '../discover/sharing/shared-listings.js';
import { failedReceipt } from '../unit/move-unit.js';
import { AttemptBlocked } from './failing/attempt-blocked.js';
import { judgeFailure } from './failing/judge-failure.js';
import { othersWouldSucceed } from './failing/others-would-succeed.js';
import { RefusedAccounts } from './failing/refused-accounts.js';
import { RefusedObjects } from './failing/refused-objects.js';
import { targetName, type SliceJob } from './slice-job.js';
import { ThrottledTurns } from './throttled-turns.js';
import { silenceFor } from './failing/silence-for.js';
import { toTroubled, toWaiting, UnitQueue, type DeferredUnit, type TroubledUnit } from './unit-queue.js';
import { UnitEffort } from './unit-effort.js';
import { UnitTry } from './unit-try.js';

/** The units of one attempt at a slice: what is left of them, and what becomes of each that is moved. */
export class SliceUnits {
  readonly queue: UnitQueue;
  readonly throttled: ThrottledTurns;
  /** The tries that are under way, by index of their unit. */
  readonly inFlight = new Map<number, UnitTry>();
  /** Of the units that have begun and have no receipt yet, by index: those of one slice at most. */
  readonly #efforts = new Map<number, UnitEffort>();
  readonly #refusedAccounts: RefusedAccounts;
  readonly #refusedObjects: RefusedObjects;
  readonly #listings: SharedListings;
  #canaryIsOut: boolean;

  /** `deferred` are units that are not moved in this attempt. */
  constructor(
    readonly slice: SliceJob,
    readonly ledger: SliceLedger,
    readonly units: readonly StagedUnit[],
    deferred: readonly DeferredUnit[],
  ) {
    const aside = new Set(deferred.map(({ unit }) => unit));
    const unfinished = units.filter((unit) => !ledger.has(unit.index) && !aside.has(unit));
    // Deaths in a row are counted for the suspect, so it comes first.
    const isSuspect = ({ index }: StagedUnit): boolean => index === ledger.care.suspect?.index;
    const ordered = [...unfinished.filter(isSuspect), ...unfinished.filter((unit) => !isSuspect(unit))];
    this.throttled = new ThrottledTurns(slice);
    this.queue = new UnitQueue(ordered, ledger.waiting.map(toTroubled), (unit) => this.throttled.mayBegin(unit));
    for (const { unit, failure } of deferred) this.queue.defer(unit, failure);
    this.#refusedAccounts = new RefusedAccounts(slice.resources.find);
    this.#refusedObjects = new RefusedObjects(targetName(slice));
    const { find, source, listingHabits: habits } = slice.resources;
    this.#listings = new SharedListings({ find, source, habits }, ordered);
    this.#canaryIsOut = slice.task.canary === true;
  }

  /** The suspect that stays named in the ledger because it is parked, if there is one. */
  get parked(): Suspect | undefined {
    const { suspect } = this.ledger.care;
    return this.queue.deferred.some(({ unit }) => unit.index === suspect?.index) ? suspect : undefined;
  }

  /** Whether a canary still moves alone, which it does until one unit gets through. */
  get canaryIsOut(): boolean {
    return this.#canaryIsOut;
  }

  /** Takes the next unit that may begin, or undefined; each one must be given to {@link left} afterwards. */
  take(nowMs: number): StagedUnit | undefined {
    const unit = this.queue.take(nowMs);
    if (unit !== undefined) this.throttled.begin(unit);
    return unit;
  }

  /** Notes that a unit is no longer in flight. */
  left(unit: StagedUnit): void {
    this.throttled.end(unit);
  }

  /** Number of units without a receipt. */
  get unfinished(): number {
    return this.units.filter((unit) => !this.ledger.has(unit.index)).length;
  }

  /**
   * Moves a unit and adds its receipt to the ledger, or puts it aside. `advanced` is called for any answer and any
   * byte. A unit that moves `alone` shares no listing, because what happens then must be its own doing. Throws {@link
   * AttemptBlocked} if the attempt must end at once, and a failure that is not the unit's.
   */
  async move(
    unit: StagedUnit,
    {
      signal,
      advanced,
      alone,
    }: { readonly signal: AbortSignal; readonly advanced: () => void; readonly alone: boolean },
  ): Promise<void> {
    const refusal = this.#refusedAccounts.refusalOf(unit);
    if (refusal !== undefined) {
      this.queue.defer(unit, refusal);
      return;
    }
    const effort = this.#efforts.get(unit.index) ?? new UnitEffort();
    this.#efforts.set(unit.index, effort);
    const attempt = new UnitTry(this.slice, unit, effort);
    this.inFlight.set(unit.index, attempt);
    try {
      const listings = alone || this.#canaryIsOut ? undefined : this.#listings;
      await this.#tryUnit(attempt, { signal, advanced, listings });
    } finally {
      this.inFlight.delete(unit.index);
    }
    this.#canaryIsOut = false;
  }

  /** Has the units tried again that were put aside, because a credential may be a fresh one. */
  takeBack(): void {
    this.#refusedAccounts.forget();
    this.queue.takeBack();
  }

  /** Units that failed and are tried again, and those in flight whose requests fail or get no answer. */
  get troubled(): readonly TroubledUnit[] {
    const troubled = new Map(this.queue.troubled.map((unit) => [unit.index, unit]));
    for (const [index, { trouble, unit }] of this.inFlight) {
      const { sinceMs, failure } = trouble ?? silenceFor(unit, this.slice.resources) ?? {};
      if (sinceMs === undefined) continue;
      troubled.set(index, { index, sinceMs, failures: 0, others: false, ...troubled.get(index), failure });
    }
    return [...troubled.values()];
  }

  /** Units that the next attempt will try again, for the ledger. */
  get waiting(): readonly WaitingUnit[] {
    return this.queue.troubled.map(toWaiting);
  }

  /**
   * Adds the receipts that were held back for evidence. Throws {@link AttemptBlocked} if they show that the target is
   * at fault.
   */
  settleRest(): void {
    for (const receipt of this.#refusedObjects.takeRest()) this.#record(receipt);
  }

  async #tryUnit(
    attempt: UnitTry,
    {
      signal,
      advanced,
      listings,
    }: {
      readonly signal: AbortSignal;
      readonly advanced: () => void;
      readonly listings: SharedListings | undefined;
    },
  ): Promise<void> {
    const { ledger, queue } = this;
    const { unit } = attempt;
    const rest = {
      // An earlier attempt, or an earlier try of this one, may have left an object or a checkpoint.
      askFirst: ledger.existed || queue.hasFailed(unit),
      confirmOwner: () => ledger.confirm(),
      partsDurable: () => {
        ledger.noteDurablePart();
        queue.settle(unit.index);
      },
      listings,
      signal,
    };
    const result = await attempt.move(rest, advanced).catch((error: unknown) => {
      signal.throwIfAborted();
      return toFailure(error);
    });
    attempt.tellEnded(result);
    if (result instanceof Error) await this.#putAside(attempt, result, signal);
    else this.#add(result);
  }

  async #putAside(attempt: UnitTry, failure: Failure, signal: AbortSignal): Promise<void> {
    const { unit } = attempt;
    const verdict = judgeFailure(failure);
    if (verdict === 'end') throw failure;
    if (verdict === 'block' || (verdict === 'defer' && this.#canaryIsOut)) throw new AttemptBlocked(failure);
    if (verdict === 'defer') {
      this.#refusedAccounts.note(failure);
      this.queue.defer(unit, failure);
      return;
    }
    const beganMs = attempt.trouble?.sinceMs ?? Date.now();
    const began = { ms: beganMs, others: attempt.othersSucceed(failure, beganMs) };
    const { sinceMs, others } = this.queue.noteFailure(unit, failure, began);
    const { unitPatienceMs } = this.slice.resources.record.definition.limits;
    const isPatienceOver = Date.now() - sinceMs >= unitPatienceMs;
    // Others get through, so this one would be tried for ever.
    if (others && isPatienceOver) {
      this.#add(await failedReceipt({ ...this.slice, unit, signal }, undefined, { failure }));
      return;
    }
    // Perhaps no other unit is left. After the proof, the unit gets another try, because it may have come with the
    // recovery.
    const { resources } = this.slice;
    if (isPatienceOver && (await othersWouldSucceed({ resources, unit, failure }, signal))) this.queue.noteOthers(unit);
    this.queue.retryLater(unit, performance.now());
  }

  #add(receipt: Receipt): void {
    this.queue.settle(receipt.index);
    const effort = this.#efforts.get(receipt.index);
    this.#efforts.delete(receipt.index);
    const took = effort && { took: effort.soFar };
    for (const each of this.#refusedObjects.take({ ...receipt, ...took })) this.#record(each);
  }

  #record(receipt: Receipt): void {
    this.ledger.add(receipt);
    this.slice.watch?.recorded(receipt);
  }
}
