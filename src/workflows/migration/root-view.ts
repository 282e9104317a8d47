import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import {
  zeroRate,
  type Blocked,
  type ObservedProgress,
  type Phase,
  type Progress,
} from '../../domain/figures/progress.js';
import { doneInRun, emptyTally, finishedUnits, type Tally } from '../../domain/figures/tally.js';
import type { UnitFigures } from '../../domain/figures/unit-figures.js';
import type { OperatorDesk } from './operator-desk.js';
import { currentDetails, type MigrationView } from './current-details.js';
import {
  beforeMemoKey,
  memoKey,
  type MigrationFailure,
  type MigrationInput,
  type ProgressAnswer,
  type RootMemo,
} from '../messages.js';
import { changingAttributes } from '../search-attributes.js';

/**
 * Publishes the phase and figures of a migration: to its memo and search attributes, which can be read without a worker
 * and cost one event each, and to its current details, which cost no event.
 */
export class RootView {
  readonly #name: string;
  readonly #before: UnitFigures | undefined;
  readonly #searchAttributes: boolean;
  readonly #startedMs: number;
  readonly #desk: Pick<OperatorDesk, 'directives' | 'forPartitions' | 'hasTooManyFailures'>;
  /** Also `running` while the migration is paused or blocked. */
  #stage: Stage = 'preparing';
  #progress: Progress;
  /** Whether `observe` has sent figures of this run, or the round has ended with its own. */
  #hasFigures = false;
  #failure: MigrationFailure | undefined;
  /** What the details show besides figures. */
  #notes: Pick<MigrationView, 'throttled' | 'credentials'> = {};
  /** Revision of the directives under which all partitions last came to rest. */
  #rest: number | undefined;
  /** Since when too many units have failed, in ISO 8601, UTC. */
  #tooManySince: string | undefined;
  /** The phase that was published last, and when it began. */
  #phase: { readonly phase: Phase; readonly since: string };
  /** What was published last, so that it is not published again. */
  #published = '';

  constructor(input: MigrationInput, desk: OperatorDesk) {
    this.#name = input.control.name;
    this.#before = workflowInfo().memo?.[beforeMemoKey] as UnitFigures | undefined;
    this.#searchAttributes = input.searchAttributes;
    this.#startedMs = Date.now();
    this.#desk = desk;
    const at = new Date().toISOString();
    this.#phase = { phase: 'preparing', since: at };
    const { round, total } = input;
    this.#progress = { round, total, tally: emptyTally, rate: zeroRate, etaSeconds: null, blocked: [], at };
    desk.listen(() => this.#directivesChanged());
    // The client has set memo and attributes at the start. The details exist only in the workflow's memory.
    this.#showDetails();
  }

  /** When this run started, in ISO 8601, UTC. */
  get startedAt(): string {
    return new Date(this.#startedMs).toISOString();
  }

  get progress(): Progress {
    return this.#progress;
  }

  get phase(): Phase {
    if (this.#stage !== 'running') return this.#stage;
    const { directives, forPartitions } = this.#desk;
    if (directives.pause !== 'none') return this.#rest === forPartitions.revision ? 'paused' : 'pausing';
    return this.#blocked.length > 0 ? 'blocked' : 'running';
  }

  answer(): ProgressAnswer {
    return { ...this.#shown, phase: this.phase };
  }

  running(total: number): void {
    this.#stage = 'running';
    const { waiting: _past, ...progress } = this.#progress;
    this.#progress = { ...progress, total };
    this.#publish();
  }

  /**
   * Takes new figures from `observe`; from `prepare`, which has none, what it waits for. Figures that arrive after the
   * end are ignored, and none moves the total: the units were counted when they were staged.
   */
  observed({ rest, throttled, credentials, ...progress }: ObservedProgress): void {
    if (this.#stage === 'preparing') {
      const { waiting = [] } = progress;
      this.#progress = { ...this.#progress, waiting };
      this.#publish();
    }
    if (this.#stage !== 'running') return;
    this.#progress = { ...progress, total: this.#progress.total };
    this.#notes = { throttled, credentials };
    this.#hasFigures = true;
    this.#rest = rest ?? this.#rest;
    this.#publish();
  }

  completed(phase: 'completed' | 'completed-with-failures', tally: Tally): void {
    this.#stage = phase;
    const seconds = Math.max(0.001, (Date.now() - this.#startedMs) / 1_000);
    const done = doneInRun(tally);
    const { waiting: _past, meanRate: _mean, etaRange: _end, ...progress } = this.#progress;
    this.#progress = {
      ...progress,
      tally,
      rate: {
        unitsPerSecond: done.units / seconds,
        blobsPerSecond: done.blobs / seconds,
        sourceBytesPerSecond: done.sourceBytes / seconds,
      },
      etaSeconds: 0,
      blocked: [],
      at: new Date().toISOString(),
    };
    this.#hasFigures = true;
    this.#publish();
  }

  /** Notes what a cancel had to leave undone; it is shown at the end. */
  leaves(failure: MigrationFailure): void {
    this.#failure = failure;
  }

  cancelled(): void {
    this.#stage = 'cancelled';
    this.#publish();
  }

  /** Shows a failure as soon as it is known, while other partitions may still be running. */
  failed(failure: MigrationFailure): void {
    this.#stage = 'failed';
    this.#failure = failure;
    const { waiting: _past, ...progress } = this.#progress;
    this.#progress = progress;
    this.#publish();
  }

  /** The figures to show. A migration that is paused or blocked has no remaining time. */
  get #shown(): Progress {
    const isHeld = this.phase === 'pausing' || this.phase === 'paused' || this.phase === 'blocked';
    const { etaRange, ...progress } = this.#progress;
    const eta = isHeld ? { etaSeconds: null } : { ...(etaRange && { etaRange }) };
    return { ...progress, blocked: this.#blocked, ...eta };
  }

  get #blocked(): readonly Blocked[] {
    const { total, tally, blocked } = this.#progress;
    if (this.#tooManySince === undefined || this.#stage !== 'running') return blocked;
    const message = `${String(tally.units.failed)} units have failed, more than limits.failedUnits allows`;
    const units = total - finishedUnits(tally);
    return [
      { what: 'migration', class: 'TooManyFailures', message, since: this.#tooManySince, units } as const,
      ...blocked,
    ];
  }

  #directivesChanged(): void {
    this.#tooManySince = this.#desk.hasTooManyFailures ? (this.#tooManySince ?? new Date().toISOString()) : undefined;
    this.#publish();
  }

  /** Memo and search attributes cost an event each, so they are written only when something has changed. */
  #publish(): void {
    const shown = this.#shown;
    const { round, total, tally, blocked, waiting } = shown;
    const { phase } = this;
    if (phase !== this.#phase.phase) this.#phase = { phase, since: new Date().toISOString() };
    const { since } = this.#phase;
    const memo: RootMemo = {
      ...{ round, total, phase, since, tally, blocked, control: this.#desk.directives },
      ...(waiting !== undefined && { waiting }),
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
    const text = JSON.stringify(memo);
    if (text !== this.#published) {
      upsertMemo({ [memoKey]: memo });
      if (this.#searchAttributes) upsertSearchAttributes(changingAttributes(phase, tally));
      this.#published = text;
    }
    this.#showDetails();
  }

  /** Figures keep the time at which they were summed up, whatever else has changed since. */
  #showDetails(): void {
    const { since } = this.#phase;
    const shown = { name: this.#name, phase: this.phase, since, progress: this.#shown, hasFigures: this.#hasFigures };
    const { throttled, credentials } = this.#notes;
    setCurrentDetails(
      currentDetails({ ...shown, throttled, credentials, before: this.#before, failure: this.#failure }),
    );
  }
}

type Stage = Exclude<Phase, 'pausing' | 'paused' | 'blocked'>;
