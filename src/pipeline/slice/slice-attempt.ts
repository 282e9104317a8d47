import { setTimeout as wait } from 'node:timers/promises';
import { isCareful } from '../../domain/careful-mode.js';
import { toFailure, type Failure } from '../../domain/failure.js';
import { sliceLabel } from '../../domain/ids.js';
import type { Receipt } from '../../domain/receipt.js';
import { blockedResult, type SliceBeat, type SliceResult } from '../../domain/slice-report.js';
import type { StagedUnit } from '../../domain/unit.js';
import { AttemptClock, outOfTime } from './attempt-clock.js';
import { moveUnit } from '../unit/move-unit.js';
import { settled } from '../../flow/settled.js';
import { sliceBeat } from './slice-beat.js';
import { flushAfterReceipts, type SliceLedger } from '../../control/ledger/slice-ledger.js';
import type { SliceJob } from './slice-job.js';
import { UnitQueue } from './unit-queue.js';
import { deleteCheckpoint, durableParts } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';

const tickMs = 1_000;
// The process may be about to end: one flush, no longer.
const lastFlushMs = 10_000;
const lanesAreThrough = new Error('all lanes are through');

/** Held state of one attempt at a slice that has claimed the ledger: the queue, the units in flight, and what ends it. */
export class SliceAttempt {
  readonly #queue: UnitQueue;
  readonly #inFlight = new Set<number>();
  /** Units that wait for their turn behind those of other slices. */
  readonly #waitForTurn = new Set<number>();
  readonly #lanes = new Set<Promise<unknown>>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #clock = new AttemptClock();
  #movedAlone = 0;
  #released = false;
  #finishing = false;

  constructor(
    readonly slice: SliceJob,
    readonly ledger: SliceLedger,
    readonly units: readonly StagedUnit[],
  ) {
    const unfinished = units.filter((unit) => !ledger.has(unit.index));
    // Deaths in a row are counted for the unit that was alone: so it comes first.
    const isSuspect = ({ index }: StagedUnit): boolean => index === ledger.care.suspect?.index;
    this.#queue = new UnitQueue([...unfinished.filter(isSuspect), ...unfinished.filter((unit) => !isSuspect(unit))]);
    this.#signal = AbortSignal.any([slice.signal, this.#ended.signal]);
  }

  /** Moves what can be moved. Gives and throws what `moveSlice` does. */
  async run(): Promise<SliceResult> {
    const lanesThrough = new AbortController();
    const keeper = settled(this.#keep(lanesThrough.signal));
    this.#widen();
    while (this.#lanes.size > 0) await Promise.race(this.#lanes);
    lanesThrough.abort(lanesAreThrough);
    await keeper;
    const { signal: ended } = this.#ended;
    try {
      this.slice.signal.throwIfAborted();
      if (ended.aborted && ended.reason !== outOfTime) throw ended.reason;
      return await this.#conclude();
    } catch (error) {
      await this.#release(error);
      if (!this.slice.signal.aborted) throw error;
      return { state: 'partial', tally: this.ledger.tally };
    }
  }

  /** Starts lanes until there are as many as units may be in flight. */
  #widen(): void {
    const { control, process } = this.slice;
    const wanted = this.#isCareful ? 1 : (control?.unitsInFlight ?? process.unitsInFlight);
    while (this.#lanes.size < wanted) {
      const lane = settled(this.#lane()).finally(() => this.#lanes.delete(lane));
      this.#lanes.add(lane);
    }
  }

  /** Moves one unit after another until none is left to take. */
  async #lane(): Promise<void> {
    try {
      while (this.#takesUnits) {
        const unit = this.#queue.take(performance.now());
        if (unit !== undefined) await (this.#isCareful ? this.#moveAlone(unit) : this.#moveBesideOthers(unit));
        else if (this.#queue.waiting === 0) return;
        else await wait(tickMs, undefined, { signal: this.#signal });
      }
    } catch (error) {
      this.#end(error);
    }
  }

  async #moveBesideOthers(unit: StagedUnit): Promise<void> {
    const { units, turns } = this.slice.process;
    this.#waitForTurn.add(unit.index);
    await units(() => turns.beside(() => this.#moveOne(unit), this.#signal));
  }

  /**
   * Moves a unit while the process moves nothing else, and names it in the ledger before it begins and until it has ended: a death in
   * between is its own.
   */
  async #moveAlone(unit: StagedUnit): Promise<void> {
    const { index } = unit;
    this.#waitForTurn.add(index);
    await this.slice.process.turns.alone(async () => {
      if (!this.#takesUnits) return;
      const { suspect } = this.ledger.care;
      const deaths = suspect?.index === index ? suspect.deaths : 0;
      try {
        const partsBefore = await durableParts(index, controlRound(this.slice.resources), this.#signal);
        await this.#afterFlush(await this.ledger.nameSuspect({ index, deaths, partsBefore }));
        await this.#moveOne(unit);
        await this.#afterFlush(await this.ledger.nameSuspect(undefined));
        this.#movedAlone += 1;
        this.#widen();
      } catch (error) {
        // Before another slice's unit begins, which may be the poison.
        await this.#release(error);
        throw error;
      }
    }, this.#signal);
  }

  async #moveOne(unit: StagedUnit): Promise<void> {
    this.#waitForTurn.delete(unit.index);
    if (!this.#takesUnits) return;
    this.#inFlight.add(unit.index);
    const moved = (): void => this.#clock.moved();
    moved();
    try {
      const { resources, process, buildInfo } = this.slice;
      const receipt = await moveUnit({
        unit,
        resources,
        process,
        // An earlier attempt, or an earlier try of this one, may have left an object or a checkpoint.
        askFirst: this.ledger.existed || this.#queue.hasFailed(unit),
        moved,
        confirmOwner: () => this.ledger.confirm(),
        partsDurable: () => this.ledger.noteDurablePart(),
        buildInfo,
        signal: this.#signal,
      });
      moved();
      this.ledger.add(receipt);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#putAside(unit, toFailure(error));
    } finally {
      this.#inFlight.delete(unit.index);
    }
  }

  /** A failure that may pass is tried again later; one that waits for somebody defers the unit; anything else ends the attempt. */
  #putAside(unit: StagedUnit, failure: Failure): void {
    const { retry, scope, blocks } = failure.row;
    if (blocks === true && scope !== 'migration') {
      // What is refused was answered: the attempt is not stalled.
      this.#clock.moved();
      this.#queue.defer(unit, failure);
    } else if (retry !== 'no' && scope !== 'migration' && scope !== 'slice')
      this.#queue.retryLater(unit, failure, performance.now());
    else throw failure;
  }

  /** Flushes the ledger when due, beats, and ends an attempt that has stalled or is out of time, until the lanes are through. */
  async #keep(lanesThrough: AbortSignal): Promise<void> {
    const either = AbortSignal.any([this.#signal, lanesThrough]);
    try {
      for (;;) {
        this.#beat();
        if (this.#queue.waiting > this.#lanes.size) this.#widen();
        // In careful mode the lane writes the ledger, before and after each unit.
        if (!this.#isCareful && this.ledger.flushDue) await this.#afterFlush(await this.ledger.flush());
        if (this.#waitForTurn.size > 0 && this.#inFlight.size === 0)
          this.#clock.waits({ hasMoved: !this.#isCareful || this.#movedAlone > 0 });
        this.#clock.check(sliceLabel(this.slice.task));
        await wait(tickMs, undefined, { signal: either });
      }
    } catch (error) {
      if (!lanesThrough.aborted) this.#end(error);
    }
  }

  async #conclude(): Promise<SliceResult> {
    const { ledger } = this;
    this.#finishing = true;
    this.#beat();
    const { deferred } = this.#queue;
    const unfinished = this.units.filter((unit) => !ledger.has(unit.index)).length;
    if (unfinished === 0) {
      await this.#afterFlush(await ledger.finish());
      return { state: 'complete', tally: ledger.tally };
    }
    await this.#afterFlush(await ledger.release());
    const [first] = deferred;
    // Neither waiting nor deferred are units that were not moved to the end when time was up, or not begun in a drain.
    if (first === undefined || unfinished > deferred.length) return { state: 'partial', tally: ledger.tally };
    const { failure } = first;
    return blockedResult(failure, { tally: ledger.tally, deferred: deferred.length, what: failure.row.scope });
  }

  /** Writes once, if that works at once, what has a receipt and that the attempt is not dead; nothing more where the ledger is another's. */
  async #release(error: unknown): Promise<void> {
    if (this.#released || this.ledger.complete || isLedgerGone(error)) return;
    this.#released = true;
    await settled(this.ledger.release(AbortSignal.timeout(lastFlushMs)));
  }

  /**
   * A unit whose receipt is flushed needs its checkpoint no more. That of one that failed, or whose object was there already, is left for
   * `cleanUp`: its upload may be open, and is aborted then.
   */
  async #afterFlush(flushed: readonly Receipt[]): Promise<void> {
    const place = controlRound(this.slice.resources);
    const uploaded = flushed.filter(
      ({ state, target }) => state === 'done' && target !== undefined && target.parts > 1,
    );
    for (const { index } of uploaded) await deleteCheckpoint(index, place, this.#signal);
  }

  #end(reason: unknown): void {
    if (!this.#ended.signal.aborted) this.#ended.abort(reason);
  }

  get #takesUnits(): boolean {
    return !this.#signal.aborted && this.#clock.takesUnits && this.slice.control?.draining !== true;
  }

  /** One unit at a time, until all that the dead attempts can have begun without leaving a receipt have been moved alone. */
  get #isCareful(): boolean {
    const begunMax = flushAfterReceipts + this.slice.process.unitsInFlight;
    return isCareful(this.ledger.care) && this.#movedAlone < begunMax;
  }

  #beat(): void {
    const { deferred } = this.#queue;
    const { tally } = this.ledger;
    const { task } = this.slice;
    const moving: SliceBeat['phase'] = this.#isCareful ? 'careful' : 'moving';
    const phase = this.#finishing ? 'finishing' : moving;
    this.slice.beat(sliceBeat({ task, tally, phase, deferred, inFlight: this.#inFlight }));
  }
}

/** Tells whether the attempt ends because the ledger is no longer its own: then it writes nothing more. */
function isLedgerGone(error: unknown): boolean {
  return ['Fenced', 'Superseded', 'LedgerLost'].includes(toFailure(error).failureClass);
}
