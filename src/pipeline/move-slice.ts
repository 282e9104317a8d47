import { setTimeout as wait } from 'node:timers/promises';
import { controlKeys } from '../domain/control-keys.js';
import { Failure, toFailure } from '../domain/failure.js';
import { sliceLabel } from '../domain/ids.js';
import { controlFormat } from '../domain/migration-record.js';
import type { Receipt } from '../domain/receipt.js';
import type { SliceBeat, SliceResult, SliceTask } from '../domain/slice-report.js';
import { emptyTally, type Tally } from '../domain/tally.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from './migration-resources.js';
import { moveUnit } from './move-unit.js';
import type { ProcessResources } from './process-resources.js';
import { settled } from './settled.js';
import { SliceLedger } from './slice-ledger.js';
import { readStagedSlice } from './staged-slice.js';
import { sliceBeat } from './slice-beat.js';
import { UnitQueue } from './unit-queue.js';
import { deleteCheckpoint } from './upload-checkpoints.js';

/** One attempt at a slice. */
export interface SliceRun {
  readonly task: SliceTask;
  readonly resources: MigrationResources;
  readonly process: ProcessResources;
  readonly beat: (beat: SliceBeat) => void;
  /** Aborted to end the attempt early: by an operator, a shutdown, or because it counts as dead. */
  readonly signal: AbortSignal;
  /** Longhaul's version, for receipts. */
  readonly buildInfo: string;
  /** What the operator wants now; its fields change while the attempt runs. */
  readonly control?: SliceControl | undefined;
}

/** An operator's wishes as a running slice reads them, again before each unit. */
export interface SliceControl {
  /** No unit begins any more: the slice ends as partial after those in flight. */
  readonly draining: boolean;
  /** Units that one process moves at once; its default where it is not given. */
  readonly unitsInFlight?: number | undefined;
}

/**
 * Moves the units of a slice that have no receipt yet. Gives `complete` once the ledger's footer is written, `blocked` when only deferred
 * units are left, `partial` after half an hour, a drain or an abort: receipts are flushed before it returns. Throws a `Failure` where the attempt itself must end:
 * fenced, superseded, no byte for ten minutes, or a ledger that cannot be written.
 */
export async function moveSlice(run: SliceRun): Promise<SliceResult> {
  try {
    const { ledger, units } = await claimLedger(run);
    if (ledger.complete) return { state: 'complete', tally: ledger.tally };
    return await new SliceAttempt(run, ledger, units).run();
  } catch (error) {
    // Before the claim there is nothing to flush; an attempt that has claimed deals with its abort itself.
    if (run.signal.aborted) return { state: 'partial', tally: emptyTally };
    const failure = toFailure(error);
    if (failure.row.blocks !== true) throw failure;
    return blockedResult(failure, emptyTally, run.task.units, `slice ${sliceLabel(run.task)}`);
  }
}

function blockedResult(failure: Failure, tally: Tally, deferred: number, what: string): SliceResult {
  const { failureClass, message } = failure;
  return { state: 'blocked', tally, what: failure.what ?? what, class: failureClass, message, deferred };
}

async function claimLedger(
  run: SliceRun,
): Promise<{ readonly ledger: SliceLedger; readonly units: readonly StagedUnit[] }> {
  const { task, resources, signal } = run;
  const staged = await readStagedSlice(resources, task, signal);
  const ledger = await SliceLedger.claim({
    store: resources.control,
    key: controlKeys.ledger(resources.base, task.round, task),
    header: {
      type: 'header',
      format: controlFormat,
      definition: resources.record.definitionDigest,
      firstUnit: task.firstUnit,
      units: task.units,
      staged: staged.digest,
    },
    epoch: task.epoch,
    signal,
  });
  return { ledger, units: staged.units };
}

// After it the partition schedules the slice again: no attempt grows old, and a stuck one is noticed.
const takeUnitsForMs = 30 * 60_000;
const finishUnitsWithinMs = 5 * 60_000;
const stalledAfterMs = 10 * 60_000;
const tickMs = 1_000;
// The process may be about to end: one flush, no longer.
const lastFlushMs = 10_000;
const lanesAreThrough = new Error('all lanes are through');
const outOfTime = new Error('the attempt is out of time');

/** Held state of one attempt: the queue, the units in flight, and what ends it. */
class SliceAttempt {
  readonly #queue: UnitQueue;
  readonly #inFlight = new Set<number>();
  readonly #lanes = new Set<Promise<unknown>>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #startedMs = performance.now();
  #lastByteMs = performance.now();
  #phase: SliceBeat['phase'] = 'moving';

  constructor(
    readonly slice: SliceRun,
    readonly ledger: SliceLedger,
    readonly units: readonly StagedUnit[],
  ) {
    this.#queue = new UnitQueue(units.filter((unit) => !ledger.has(unit.index)));
    this.#signal = AbortSignal.any([slice.signal, this.#ended.signal]);
  }

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
      // What has a receipt is flushed if that works at once; nothing else is written.
      if (!isLedgerGone(error)) await settled(this.ledger.flush(AbortSignal.timeout(lastFlushMs)));
      if (!this.slice.signal.aborted) throw error;
      return { state: 'partial', tally: this.ledger.tally };
    }
  }

  /** Starts lanes until there are as many as units may be in flight. */
  #widen(): void {
    const wanted = this.slice.control?.unitsInFlight ?? this.slice.process.unitsInFlight;
    while (this.#lanes.size < wanted) {
      const lane = settled(this.#lane()).finally(() => this.#lanes.delete(lane));
      this.#lanes.add(lane);
    }
  }

  /** Moves one unit after another until none is left to take. */
  async #lane(): Promise<void> {
    try {
      while (this.#takesUnits()) {
        const unit = this.#queue.take(performance.now());
        if (unit !== undefined) await this.slice.process.units(() => this.#moveOne(unit));
        else if (this.#queue.waiting === 0) return;
        else await wait(tickMs, undefined, { signal: this.#signal });
      }
    } catch (error) {
      this.#end(error);
    }
  }

  async #moveOne(unit: StagedUnit): Promise<void> {
    // It may have waited for its turn behind the units of other slices.
    if (!this.#takesUnits()) return;
    this.#inFlight.add(unit.index);
    try {
      const { resources, process, buildInfo } = this.slice;
      const moved = (): void => {
        this.#lastByteMs = performance.now();
      };
      const receipt = await moveUnit({
        unit,
        resources,
        process,
        // An earlier attempt, or an earlier try of this one, may have left an object or a checkpoint.
        askFirst: this.ledger.existed || this.#queue.hasFailed(unit),
        moved,
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
      this.#lastByteMs = performance.now();
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
        if (this.ledger.flushDue) await this.#afterFlush(await this.ledger.flush());
        const nowMs = performance.now();
        if (nowMs - this.#lastByteMs > stalledAfterMs)
          throw new Failure('Stalled', `no byte moved for 10 minutes in ${this.#label}`);
        if (nowMs - this.#startedMs > takeUnitsForMs + finishUnitsWithinMs) throw outOfTime;
        await wait(tickMs, undefined, { signal: either });
      }
    } catch (error) {
      if (!lanesThrough.aborted) this.#end(error);
    }
  }

  async #conclude(): Promise<SliceResult> {
    const { ledger } = this;
    this.#phase = 'finishing';
    this.#beat();
    const [first] = this.#queue.deferred;
    const unfinished = this.units.filter((unit) => !ledger.has(unit.index)).length;
    if (unfinished === 0) {
      await this.#afterFlush(await ledger.finish());
      return { state: 'complete', tally: ledger.tally };
    }
    await this.#afterFlush(await ledger.flush());
    // Neither waiting nor deferred are units that were not moved to the end when time was up, or not begun in a drain.
    if (first === undefined || unfinished > this.#queue.deferred.length)
      return { state: 'partial', tally: ledger.tally };
    return blockedResult(first.failure, ledger.tally, this.#queue.deferred.length, first.failure.row.scope);
  }

  /** A unit whose receipt is flushed needs its checkpoint no more; that of a failed one is left for `cleanUp`, which aborts its upload. */
  async #afterFlush(flushed: readonly Receipt[]): Promise<void> {
    const { base, control, record } = this.slice.resources;
    const place = { base, control, round: record.round };
    const uploaded = flushed.filter(({ target }) => target !== undefined && target.parts > 1);
    for (const { index } of uploaded) await deleteCheckpoint(index, place, this.#signal);
  }

  #end(reason: unknown): void {
    if (!this.#ended.signal.aborted) this.#ended.abort(reason);
  }

  #takesUnits(): boolean {
    const timeIsUp = performance.now() - this.#startedMs > takeUnitsForMs;
    return !this.#signal.aborted && !timeIsUp && this.slice.control?.draining !== true;
  }

  get #label(): string {
    return sliceLabel(this.slice.task);
  }

  #beat(): void {
    const { deferred } = this.#queue;
    const { tally } = this.ledger;
    const { task } = this.slice;
    this.slice.beat(sliceBeat({ task, tally, phase: this.#phase, deferred, inFlight: this.#inFlight }));
  }
}

/** Tells whether the attempt ends because the ledger is no longer its own: then it writes nothing more. */
function isLedgerGone(error: unknown): boolean {
  return ['Fenced', 'Superseded', 'LedgerLost'].includes(toFailure(error).failureClass);
}
