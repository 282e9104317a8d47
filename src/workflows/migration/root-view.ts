import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { zeroRate, type Blocked, type Phase, type Progress } from '../../domain/progress.js';
import { emptyTally, finishedUnits, type Tally } from '../../domain/tally.js';
import type { ControlDesk } from './operator-desk.js';
import { currentDetails } from './current-details.js';
import {
  memoKey,
  type MigrationFailure,
  type MigrationInput,
  type ProgressAnswer,
  type RootMemo,
} from '../messages.js';
import { changingAttributes } from '../search-attributes.js';

/**
 * What a migration shows of itself: phase and figures, published to its memo and search attributes (readable without a worker, one
 * event each) and its current details (no event).
 */
export class RootView {
  readonly #searchAttributes: boolean;
  readonly #startedMs: number;
  readonly #desk: Pick<ControlDesk, 'control' | 'hasTooManyFailures'>;
  /** `running` also while it is paused or blocked. */
  #stage: Stage = 'preparing';
  #progress: Progress;
  #failure: MigrationFailure | undefined;
  /** Whether all has come to rest; undefined where nobody asked for a pause. */
  #atRest: boolean | undefined;
  /** When too many units had failed, ISO 8601 UTC. */
  #tooManySince: string | undefined;
  /** What was published last is not published again. */
  #published = '';

  constructor(input: MigrationInput, desk: ControlDesk) {
    this.#searchAttributes = input.searchAttributes;
    this.#startedMs = Date.now();
    this.#desk = desk;
    const at = new Date().toISOString();
    const { round, total } = input;
    this.#progress = { round, total, tally: emptyTally, rate: zeroRate, etaSeconds: null, blocked: [], at };
    desk.listen({ changed: () => this.#wishesChanged() });
    // Published by the client at the start already; the details live in the workflow's memory only.
    setCurrentDetails(currentDetails(this.phase, this.#progress));
  }

  /** ISO 8601 UTC. */
  get startedAt(): string {
    return new Date(this.#startedMs).toISOString();
  }

  get progress(): Progress {
    return this.#progress;
  }

  get phase(): Phase {
    if (this.#stage !== 'running') return this.#stage;
    if (this.#desk.control.pause !== 'none') return this.#atRest === true ? 'paused' : 'pausing';
    return this.#blocked.length > 0 ? 'blocked' : 'running';
  }

  answer(): ProgressAnswer {
    return { ...this.#progress, blocked: this.#blocked, phase: this.phase };
  }

  running(total: number): void {
    this.#stage = 'running';
    this.#progress = { ...this.#progress, total };
    this.#publish();
  }

  /** Takes figures over from `observe`. Late ones, after the end, are left aside. */
  observed(progress: Progress): void {
    if (this.#stage !== 'running') return;
    this.#progress = progress;
    this.#publish();
  }

  /** Shows whether all has come to rest after a pause; undefined where nobody asked for one. */
  paused(atRest: boolean | undefined): void {
    if (atRest === this.#atRest) return;
    this.#atRest = atRest;
    this.#publish();
  }

  completed(phase: 'completed' | 'completed-with-failures', tally: Tally): void {
    this.#stage = phase;
    const seconds = Math.max(0.001, (Date.now() - this.#startedMs) / 1_000);
    this.#progress = {
      ...this.#progress,
      tally,
      rate: {
        unitsPerSecond: finishedUnits(tally) / seconds,
        blobsPerSecond: tally.blobs.done / seconds,
        sourceBytesPerSecond: tally.bytes.source / seconds,
      },
      etaSeconds: 0,
      blocked: [],
    };
    this.#publish();
  }

  cancelled(): void {
    this.#stage = 'cancelled';
    this.#publish();
  }

  /** Shows a failure; called as soon as it is known, before what else runs has ended. */
  failed(failure: MigrationFailure): void {
    this.#stage = 'failed';
    this.#failure = failure;
    this.#publish();
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

  #wishesChanged(): void {
    this.#tooManySince = this.#desk.hasTooManyFailures ? (this.#tooManySince ?? new Date().toISOString()) : undefined;
    this.#publish();
  }

  /** Memo and attributes cost an event each, so they are written only where something has changed. */
  #publish(): void {
    this.#progress = { ...this.#progress, at: new Date().toISOString() };
    const { round, total, tally } = this.#progress;
    const blocked = this.#blocked;
    const { phase } = this;
    const memo: RootMemo = {
      ...{ round, total, phase, tally, blocked, control: this.#desk.control },
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
    const text = JSON.stringify(memo);
    if (text !== this.#published) {
      upsertMemo({ [memoKey]: memo });
      if (this.#searchAttributes) upsertSearchAttributes(changingAttributes(phase, tally));
      this.#published = text;
    }
    setCurrentDetails(currentDetails(phase, { ...this.#progress, blocked }, this.#failure));
  }
}

type Stage = Exclude<Phase, 'pausing' | 'paused' | 'blocked'>;
