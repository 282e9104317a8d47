import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { isCareful } from '../../domain/careful-mode.js';
import { toFailure } from '../../domain/failure.js';
import { sliceLabel } from '../../domain/ids.js';
import type { Receipt } from '../../domain/receipt.js';
import type { SliceResult } from '../../domain/figures/slice-report.js';
import type { StagedUnit } from '../../domain/unit.js';
import { flushAfterReceipts, type SliceLedger } from '../../control/ledger/slice-ledger.js';
import { inTurn } from '../../flow/in-turn.js';
import { settled } from '../../flow/settled.js';
import { AttemptBlocked } from './failing/attempt-blocked.js';
import { AttemptClock } from './attempt-clock.js';
import { attemptResult } from './telling/attempt-result.js';
import { forgetCheckpoints } from './forget-checkpoints.js';
import { nameSuspect } from './name-suspect.js';
import { sliceBeat } from './telling/slice-beat.js';
import type { SliceJob } from './slice-job.js';
import type { SliceUnits } from './slice-units.js';

const tickMs = 1_000;
// The process may be about to end: one flush, no longer.
const lastFlushMs = 10_000;
// A unit that is tried again sooner is waited for; for a later one the slice hands back its slot.
const handBackAfterMs = 5_000;
const lanesAreThrough = new Error('all lanes are through');

/**
 * One attempt at a slice that has claimed the ledger: the lanes in which units move, the flushes and beats meanwhile,
 * and what ends it.
 */
export class SliceAttempt {
  readonly #lanes = new Set<Promise<unknown>>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #clock = new AttemptClock();
  #movedCarefully = 0;
  #renewals: number;
  #released = false;
  #finishing = false;

  constructor(
    readonly slice: SliceJob,
    readonly ledger: SliceLedger,
    readonly units: SliceUnits,
  ) {
    this.#signal = AbortSignal.any([slice.signal, this.#ended.signal]);
    this.#renewals = slice.process.renewals.count;
    setMaxListeners(0, this.#signal); // A few for each unit in flight, which the process bounds.
  }

  /** Moves what can be moved. Returns and throws what `moveSlice` does. */
  async run(): Promise<SliceResult> {
    const lanesThrough = new AbortController();
    const keeper = settled(this.#keep(lanesThrough.signal));
    this.#widen();
    while (this.#lanes.size > 0) await Promise.race(this.#lanes);
    lanesThrough.abort(lanesAreThrough);
    await keeper;
    try {
      this.slice.signal.throwIfAborted();
      this.#ended.signal.throwIfAborted();
      this.units.settleRest();
      return await this.#conclude();
    } catch (error) {
      await this.#release(error);
      if (this.slice.signal.aborted) return { state: 'partial', tally: this.ledger.tally };
      if (!(error instanceof AttemptBlocked)) throw error;
      return attemptResult(this, { takesUnits: false, blocked: error.failure });
    }
  }

  /** Starts lanes until there are as many as units may be in flight. */
  #widen(): void {
    const { control, process } = this.slice;
    const single = this.#isCareful || this.units.canaryIsOut;
    const wanted = single ? 1 : (control?.unitsInFlight ?? process.unitsInFlight);
    while (this.#lanes.size < wanted) {
      const lane = settled(this.#lane()).finally(() => this.#lanes.delete(lane));
      this.#lanes.add(lane);
    }
  }

  /** Moves one unit after another until none is left that may begin soon. */
  async #lane(): Promise<void> {
    try {
      while (this.#takesUnits) {
        const unit = this.units.take(performance.now());
        if (unit !== undefined) await this.#moveInTurn(unit);
        else if (this.#nothingIsLeftToWaitFor) return;
        else await wait(tickMs, undefined, { signal: this.#signal });
      }
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#ended.abort(error);
    }
  }

  async #moveInTurn(unit: StagedUnit): Promise<void> {
    try {
      await (this.#isCareful ? this.#moveCarefully(unit) : this.#moveBesideOthers(unit));
    } finally {
      this.units.left(unit);
    }
  }

  async #moveBesideOthers(unit: StagedUnit): Promise<void> {
    const { units, turns } = this.slice.process;
    await inTurn(units, () => turns.beside(() => this.#move(unit), this.#signal), this.#signal);
  }

  /**
   * Names the unit in the ledger before it begins and until it has ended. A unit under which an attempt has died before
   * moves while the process moves nothing else, so that a death in between is its own.
   */
  async #moveCarefully(unit: StagedUnit): Promise<void> {
    const { turns } = this.slice.process;
    const alone = this.ledger.care.suspect?.index === unit.index;
    const move = async (): Promise<void> => {
      if (!this.#takesUnits) return;
      try {
        await this.#afterFlush(await nameSuspect(this.slice, this.ledger, { unit, alone }, this.#signal));
        await this.#move(unit);
        await this.#afterFlush(await this.ledger.nameSuspect(this.units.parked));
        this.#movedCarefully += 1;
      } catch (error) {
        // Before another slice's unit begins, which may be the poison.
        await this.#release(error);
        throw error;
      }
    };
    await (alone ? turns.alone(move, this.#signal) : turns.beside(move, this.#signal));
    this.#widen();
  }

  async #move(unit: StagedUnit): Promise<void> {
    if (!this.#takesUnits) return;
    this.#clock.begins();
    const advanced = (): void => this.#clock.advanced();
    await this.units.move(unit, { signal: this.#signal, advanced, alone: this.#isCareful });
    this.#widen();
  }

  /** Beats, flushes the ledger when due, and ends an attempt that has stalled, until the lanes are through. */
  async #keep(lanesThrough: AbortSignal): Promise<void> {
    // A slow flush must not hold up the heartbeats.
    await Promise.all([
      this.#everySecond(lanesThrough, () => this.#tick()),
      this.#everySecond(lanesThrough, () => this.#flushIfDue()),
    ]);
  }

  async #everySecond(lanesThrough: AbortSignal, run: () => Promise<void> | void): Promise<void> {
    const either = AbortSignal.any([this.#signal, lanesThrough]);
    try {
      for (;;) {
        await run();
        await wait(tickMs, undefined, { signal: either });
      }
    } catch (error) {
      if (!lanesThrough.aborted && !this.#ended.signal.aborted) this.#ended.abort(error);
    }
  }

  #tick(): void {
    this.#beat();
    const { count } = this.slice.process.renewals;
    if (count > this.#renewals) this.units.takeBack();
    this.#renewals = count;
    if (this.units.queue.waiting > this.#lanes.size && !this.#nothingIsLeftToWaitFor) this.#widen();
    // Waiting for a turn behind other slices, or for a retry, is not a stall.
    if (this.units.inFlight.size === 0) this.#clock.advanced();
    this.#clock.check(sliceLabel(this.slice.task));
  }

  async #flushIfDue(): Promise<void> {
    // In careful mode the lane writes the ledger, before and after each unit.
    if (!this.#isCareful && this.ledger.flushDue) await this.#afterFlush(await this.ledger.flush());
  }

  async #conclude(): Promise<SliceResult> {
    this.#finishing = true;
    this.#beat();
    const { ledger, units } = this;
    await this.#afterFlush(await (units.unfinished === 0 ? ledger.finish() : ledger.release(units.waiting)));
    return attemptResult(this, { takesUnits: this.#takesUnits });
  }

  /**
   * Tries once to write the waiting receipts and a note that the attempt did not die; writes nothing if the ledger is
   * another attempt's.
   */
  async #release(error: unknown): Promise<void> {
    if (this.#released || this.ledger.complete || isLedgerGone(error)) return;
    this.#released = true;
    await settled(this.ledger.release(this.units.waiting, AbortSignal.timeout(lastFlushMs)));
  }

  #afterFlush(flushed: readonly Receipt[]): Promise<void> {
    return forgetCheckpoints(flushed, this.slice, this.#signal);
  }

  get #takesUnits(): boolean {
    return !this.#signal.aborted && this.#clock.takesUnits && this.slice.control?.draining !== true;
  }

  /** No unit may begin soon, and none in flight may be given back. */
  get #nothingIsLeftToWaitFor(): boolean {
    const { queue, inFlight } = this.units;
    const untilNextMs = queue.untilNext(performance.now());
    return untilNextMs === undefined || (untilNextMs > handBackAfterMs && inFlight.size === 0);
  }

  /**
   * Whether units move one at a time: until all have passed that dead attempts may have begun without leaving a
   * receipt.
   */
  get #isCareful(): boolean {
    const { control, process } = this.slice;
    const begunMax = flushAfterReceipts + Math.max(process.unitsInFlightMost, control?.unitsInFlight ?? 0);
    return isCareful(this.ledger.care) && this.#movedCarefully < begunMax;
  }

  #beat(): void {
    const phase = this.#finishing ? 'finishing' : this.#isCareful ? 'careful' : 'moving';
    this.slice.beat(sliceBeat(this, phase));
  }
}

/** Reports whether the attempt ends because the ledger is no longer its own: then it writes nothing more. */
function isLedgerGone(error: unknown): boolean {
  return ['Fenced', 'Superseded', 'LedgerLost'].includes(toFailure(error).failureClass);
}
