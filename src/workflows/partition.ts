import {
  continueAsNew,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activity-messages.js';
import { rangeLabel, sliceId } from '../domain/ids.js';
import { partitionSlices, type Slice } from '../domain/layout.js';
import type { SliceResult } from '../domain/slice-report.js';
import { moveSliceOptions } from './activity-options.js';
import { isInterrupted } from './is-interrupted.js';
import { memoKey, shareSignal, slicesQuery, type PartitionInput, type PartitionResult } from './messages.js';
import { runWindow } from './run-window.js';
import { changingAttributes } from './search-attributes.js';
import { SliceBoard } from './slice-board.js';
import { toMigrationFailure, toWorkflowFailure } from './to-migration-failure.js';

/**
 * Runs the slices of one partition. A partial slice is scheduled again at once; a blocked one waits while the others go on and is tried
 * again each minute; a complete one adds its tally. Continues as new, between slices, when its history gets long. Ends as cancelled
 * after its slices have handed back, and as failed with the class of a failure that is final.
 */
export async function partition(input: PartitionInput): Promise<PartitionResult> {
  const board = new SliceBoard(partitionSlices(input.layout, input.partition), input.done);
  const { moveSlice } = proxyActivities<Pick<Activities, 'moveSlice'>>(moveSliceOptions(input.heartbeatTimeoutMs));
  let share = input.share;
  let timer = false;

  setHandler(shareSignal, (told) => void (share = told.revision > share.revision ? told : share), {
    description:
      'How many slices to run at once: {revision, slicesAtOnce}. Sent by the migration; of two the higher revision holds.',
  });
  setHandler(slicesQuery, () => board.answer(), {
    description: 'Which slices are complete (a number), running and waiting (their numbers in this partition).',
  });

  // Between slices, so that no attempt is lost by it.
  const drains = () => workflowInfo().continueAsNewSuggested;
  await runWindow<Slice>({
    take: () => (drains() ? undefined : board.take()),
    ready: () => !drains() && board.isReady,
    waiting: () => !drains() && board.isWaiting,
    width: () => share.slicesAtOnce,
    run: runSlice,
  }).catch((error: unknown) => {
    throw isCancellation(error) ? error : toWorkflowFailure(toMigrationFailure(error));
  });

  if (!board.isComplete) return continueAsNew<typeof partition>({ ...input, share, done: board.done() });
  if (input.searchAttributes) upsertSearchAttributes(changingAttributes('completed', board.tally));
  return { tally: board.tally };

  async function runSlice(slice: Slice): Promise<void> {
    // From here on its heartbeat tells its figures.
    if (board.hasWaited(slice)) publish();
    const result = await attempt(slice);
    if (result === undefined) {
      board.putBack(slice);
      return;
    }
    if (board.ended(slice, result, new Date().toISOString())) publish();
    if (result.state === 'blocked') startTimer();
  }

  /** Gives undefined where the slice was interrupted without handing anything back. */
  async function attempt(slice: Slice): Promise<SliceResult | undefined> {
    const { epoch, round } = input;
    const { partition: number, slice: inside, firstUnit, units } = slice;
    try {
      return await moveSlice.executeWithOptions(
        { activityId: sliceId(inside), summary: rangeLabel(firstUnit, units) },
        [{ control: input.control, task: { epoch, round, partition: number, slice: inside, firstUnit, units } }],
      );
    } catch (error) {
      if (isInterrupted(error)) return undefined;
      throw error;
    }
  }

  function startTimer(): void {
    if (timer) return;
    timer = true;
    sleep(input.blockedRetryMs).then(
      () => {
        timer = false;
        board.retryWaiting();
        if (board.isWaiting) startTimer();
      },
      (error: unknown) => {
        if (!isCancellation(error)) throw error;
      },
    );
  }

  function publish(): void {
    upsertMemo({ [memoKey]: board.memo() });
  }
}
