import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { zeroRate, type Phase, type Progress } from '../domain/progress.js';
import { emptyTally, finishedUnits, type Tally } from '../domain/tally.js';
import { currentDetails } from './current-details.js';
import { memoKey, type MigrationFailure, type MigrationInput, type ProgressAnswer, type RootMemo } from './messages.js';
import { changingAttributes } from './search-attributes.js';

/**
 * What a migration shows of itself: phase and figures, published to its memo and search attributes (readable without a worker, one
 * event each) and its current details (no event).
 */
export class RootView {
  readonly #searchAttributes: boolean;
  readonly #startedMs: number;
  #phase: Phase = 'preparing';
  #progress: Progress;
  #failure: MigrationFailure | undefined;

  constructor(input: MigrationInput) {
    this.#searchAttributes = input.searchAttributes;
    this.#startedMs = Date.now();
    const at = new Date().toISOString();
    const { round, total } = input;
    this.#progress = { round, total, tally: emptyTally, rate: zeroRate, etaSeconds: null, blocked: [], at };
    // Published by the client at the start already; the details live in the workflow's memory only.
    setCurrentDetails(currentDetails(this.#phase, this.#progress));
  }

  /** ISO 8601 UTC. */
  get startedAt(): string {
    return new Date(this.#startedMs).toISOString();
  }

  get progress(): Progress {
    return this.#progress;
  }

  answer(): ProgressAnswer {
    return { ...this.#progress, phase: this.#phase };
  }

  running(total: number): void {
    this.#phase = 'running';
    this.#progress = { ...this.#progress, total };
    this.#publish();
  }

  /** Takes figures over from `observe`. Late ones, after the end, are left aside. */
  observed(progress: Progress): void {
    if (this.#phase !== 'running' && this.#phase !== 'blocked') return;
    this.#phase = progress.blocked.length > 0 ? 'blocked' : 'running';
    this.#progress = progress;
    this.#publish();
  }

  completed(phase: 'completed' | 'completed-with-failures', tally: Tally): void {
    this.#phase = phase;
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
    this.#phase = 'cancelled';
    this.#publish();
  }

  /** Shows a failure; called as soon as it is known, before what else runs has ended. */
  failed(failure: MigrationFailure): void {
    this.#phase = 'failed';
    this.#failure = failure;
    this.#publish();
  }

  #publish(): void {
    this.#progress = { ...this.#progress, at: new Date().toISOString() };
    const { round, total, tally, blocked } = this.#progress;
    const memo: RootMemo = {
      ...{ round, total, phase: this.#phase, tally, blocked },
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
    upsertMemo({ [memoKey]: memo });
    if (this.#searchAttributes) upsertSearchAttributes(changingAttributes(this.#phase, tally));
    setCurrentDetails(currentDetails(this.#phase, this.#progress, this.#failure));
  }
}
