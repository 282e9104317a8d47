import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import { rangeLabel, sliceId } from '../../domain/ids.js';
import type { Slice } from '../../domain/layout.js';
import { emptyTally } from '../../domain/figures/tally.js';
import { moveSliceOptions } from '../activity-options.js';
import { isInterrupted } from '../is-interrupted.js';
import { memoKey, type PartitionInput, type PartitionMemo } from '../messages.js';
import { toMigrationFailure } from '../to-migration-failure.js';
import { partitionDetails } from './partition-details.js';
import { partitionMemo } from './partition-memo.js';
import type { PartitionState } from './partition-state.js';
import type { PartitionCommand } from './partition-command.js';
import { stepPartition, type PartitionEvent } from './step-partition.js';

/**
 * Carries out the commands of `stepPartition` with activities and timers, feeds it what happens, and keeps the memo.
 */
export class PartitionDriver {
  readonly #moveSlice: ReturnType<typeof sliceActivity>;
  /** The scopes of the scheduled slices. */
  readonly #scopes = new Set<CancellationScope>();
  #state: PartitionState;
  #published: string;
  #end: Extract<PartitionCommand, { kind: 'end' }>['as'] | undefined;

  constructor(
    readonly input: PartitionInput,
    readonly slices: readonly Slice[],
    initial: PartitionState,
  ) {
    this.#state = initial;
    this.#moveSlice = sliceActivity(input);
    // A partition starts without a memo, which says the same as an empty one.
    this.#published = input.done === undefined ? JSON.stringify(emptyMemo) : '';
  }

  get state(): PartitionState {
    return this.#state;
  }

  /** How the partition has ended; undefined while it runs. */
  get end() {
    return this.#end;
  }

  take(event: PartitionEvent): void {
    if (this.#end !== undefined) return;
    this.#step(event);
    if (workflowInfo().continueAsNewSuggested && !this.#state.isLong) this.#step({ kind: 'history-is-long' });
    this.#publish();
  }

  #step(event: PartitionEvent): void {
    const [state, commands] = stepPartition(this.#state, event, Date.now());
    this.#state = state;
    for (const command of commands) this.#carryOut(command);
  }

  #carryOut(command: PartitionCommand): void {
    switch (command.kind) {
      case 'schedule':
        void this.#runSlice(command.slice, command.canary);
        break;
      case 'interrupt-slices':
        for (const scope of this.#scopes) scope.cancel();
        break;
      case 'wake':
        void this.#wake(command.atMs);
        break;
      case 'end':
        this.#end = command.as;
        break;
    }
  }

  async #runSlice(number: number, canary: boolean): Promise<void> {
    this.take(await this.#attempt(number, canary));
  }

  async #attempt(number: number, canary: boolean): Promise<PartitionEvent> {
    const slice = this.slices[number];
    if (slice === undefined) throw new RangeError(`partition has no slice ${String(number)}`);
    const { control, epoch, round } = this.input;
    const { firstUnit, units } = slice;
    const { revision } = this.#state.directives;
    const scope = new CancellationScope();
    this.#scopes.add(scope);
    try {
      const result = await scope.run(() =>
        this.#moveSlice.executeWithOptions({ activityId: sliceId(number), summary: rangeLabel(firstUnit, units) }, [
          { control, revision, task: { epoch, round, ...slice, ...(canary && { canary }) } },
        ]),
      );
      return { kind: 'ended', slice: number, result };
    } catch (error) {
      if (isInterrupted(error)) return { kind: 'interrupted', slice: number };
      return { kind: 'failed', slice: number, failure: toMigrationFailure(error) };
    } finally {
      this.#scopes.delete(scope);
    }
  }

  async #wake(atMs: number): Promise<void> {
    try {
      await sleep(Math.max(1, atMs - Date.now()));
    } catch (error) {
      // The partition is being cancelled, and ends without a timer.
      if (isCancellation(error)) return;
      throw error;
    }
    this.take({ kind: 'woken' });
  }

  /** The details cost no event. The memo costs one, so it is written only when it has changed. */
  #publish(): void {
    const { name } = this.input.control;
    const view = { name, slices: this.slices, end: this.#end, nowMs: Date.now() };
    setCurrentDetails(partitionDetails(this.#state, view));
    const memo = partitionMemo(this.#state);
    const text = JSON.stringify(memo);
    if (text === this.#published) return;
    upsertMemo({ [memoKey]: memo });
    this.#published = text;
  }
}

const emptyMemo: PartitionMemo = { tally: emptyTally, blocked: [] };

function sliceActivity({ heartbeatTimeoutMs, control }: PartitionInput) {
  return proxyActivities<Pick<Activities, 'moveSlice'>>(moveSliceOptions(heartbeatTimeoutMs, control.name)).moveSlice;
}
