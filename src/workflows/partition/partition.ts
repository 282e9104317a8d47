import {
  CancellationScope,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import { rangeLabel, sliceId } from '../../domain/ids.js';
import { partitionSlices, type Slice } from '../../domain/layout.js';
import type { SliceResult } from '../../domain/slice-report.js';
import { moveSliceOptions } from '../activity-options.js';
import { isInterrupted } from '../is-interrupted.js';
import { controlSignal, releaseSignal, standingSignal, type PartitionControl } from '../operator-messages.js';
import { memoKey, slicesQuery, type PartitionInput, type PartitionResult } from '../messages.js';
import { runWindow } from '../run-window.js';
import { changingAttributes } from '../search-attributes.js';
import { SliceBoard } from './slice-board.js';
import { toMigrationFailure, toWorkflowFailure } from '../to-migration-failure.js';

/**
 * Runs the slices of one partition. A partial slice is scheduled again at once; a blocked one waits while the others go on until
 * the root releases it; a complete one adds its tally. Continues as new, between slices, when its history gets long. Ends as cancelled
 * after its slices have handed back, and as failed with the class of a failure that is final.
 */
export async function partition(input: PartitionInput): Promise<PartitionResult> {
  const board = new SliceBoard(partitionSlices(input.layout, input.partition), input.done);
  const { moveSlice } = proxyActivities<Pick<Activities, 'moveSlice'>>(moveSliceOptions(input.heartbeatTimeoutMs));
  const scopes = new Set<CancellationScope>();
  let { told } = input;

  setHandler(controlSignal, obey, {
    description:
      'How many slices to run at once, and whether to pause: {revision, slicesAtOnce, pause}. Sent by the migration; of two the higher revision holds.',
  });
  setHandler(releaseSignal, ({ whats }) => board.retryWaiting(whats), {
    description: 'What is no longer blocked: {whats}. Sent by the migration.',
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
    width: () => (told.pause === 'none' ? told.slicesAtOnce : 0),
    run: runSlice,
  }).catch((error: unknown) => {
    throw isCancellation(error) ? error : toWorkflowFailure(toMigrationFailure(error));
  });

  if (!board.isComplete) return continueAsNew<typeof partition>({ ...input, told, done: board.done() });
  if (input.searchAttributes) upsertSearchAttributes(changingAttributes('completed', board.tally));
  return { tally: board.tally };

  function obey(next: PartitionControl): void {
    if (next.revision <= told.revision) return;
    told = next;
    if (told.pause === 'now') for (const scope of scopes) scope.cancel();
    reportIfIdle();
  }

  async function runSlice(slice: Slice): Promise<void> {
    // From here on its heartbeat tells its figures.
    if (board.hasWaited(slice)) publish();
    const result = await attempt(slice);
    if (result === undefined) board.putBack(slice);
    else if (board.ended(slice, result, new Date().toISOString())) publish();
    reportIfIdle();
  }

  /** The root counts on hearing it: it shows that all has come to rest by it, and gives the partition's place to another. */
  function reportIfIdle(): void {
    const held = told.pause !== 'none' || told.slicesAtOnce === 0;
    if (board.isComplete || board.isRunning || drains() || (board.isReady && !held)) return;
    const { parent } = workflowInfo();
    if (parent === undefined) return;
    const waitsFor = board.isReady ? [] : board.waitsFor;
    getExternalWorkflowHandle(parent.workflowId, parent.runId)
      .signal(standingSignal, { partition: input.partition, heard: told.revision, waitsFor })
      .catch((error: unknown) => {
        // The migration has ended; a cancel is on its way.
        if (!isCancellation(error)) log.warn('the migration could not be told how this partition stands', { error });
      });
  }

  /** Gives undefined where the slice was interrupted without handing anything back. */
  async function attempt(slice: Slice): Promise<SliceResult | undefined> {
    const { epoch, round } = input;
    const { partition: number, slice: inside, firstUnit, units } = slice;
    const scope = new CancellationScope();
    scopes.add(scope);
    try {
      return await scope.run(() =>
        moveSlice.executeWithOptions({ activityId: sliceId(inside), summary: rangeLabel(firstUnit, units) }, [
          { control: input.control, task: { epoch, round, partition: number, slice: inside, firstUnit, units } },
        ]),
      );
    } catch (error) {
      if (isInterrupted(error)) return undefined;
      throw error;
    } finally {
      scopes.delete(scope);
    }
  }

  function publish(): void {
    upsertMemo({ [memoKey]: board.memo() });
  }
}
