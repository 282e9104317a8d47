import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isCancellation, log, sleep, startChild, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { PrepareResult } from '../activities/activity-messages.js';
import { partitionWorkflowId } from '../domain/ids.js';
import { addTallies, emptyTally, type Tally } from '../domain/tally.js';
import { defaultBlockedRetryMs, partitionOptions, partitionStartRetry } from './activity-options.js';
import {
  partitionWorkflow,
  shareSignal,
  type MigrationInput,
  type PartitionInput,
  type PartitionShare,
} from './messages.js';
import type { partition as partitionFunction } from './partition.js';
import { partitionLabels, partitionUnits } from './partition-labels.js';
import { runWindow } from './run-window.js';
import { initialAttributes } from './search-attributes.js';
import { isWorthTelling, slicesAtOnce } from './slices-at-once.js';

type PartitionHandle = ChildWorkflowHandle<typeof partitionFunction>;

/**
 * Runs all partitions of a round through a window of `slicesInFlight` and gives the sum of their tallies. When fewer are left, each is told to
 * run several slices at once. The first partition that fails ends it: `onFailure` is called at once, the others are cancelled, and
 * it rejects with that failure when all have closed.
 */
export async function runPartitions(
  input: MigrationInput,
  prepared: PrepareResult,
  onFailure: (failure: unknown) => void,
): Promise<Tally> {
  const { layout } = prepared;
  const running = new Set<PartitionHandle>();
  let share: PartitionShare = { revision: 0, slicesAtOnce: slicesAtOnce(input.slicesInFlight, layout.partitions) };
  let next = 0;
  let left = layout.partitions;
  let tally = emptyTally;

  await runWindow<number>(
    {
      take: () => (next < layout.partitions ? next++ : undefined),
      ready: () => next < layout.partitions,
      waiting: () => false,
      width: () => input.slicesInFlight,
      run: runPartition,
    },
    onFailure,
  );
  return tally;

  async function runPartition(number: number): Promise<void> {
    const told = share;
    const handle = await startPartition(input, prepared, number, told);
    running.add(handle);
    // What was told to the running ones while this one was being started has not reached it.
    if (share.revision > told.revision) await tell(handle, share);
    const result = await handle.result();
    running.delete(handle);
    tally = addTallies(tally, result.tally);
    left -= 1;
    await shareAnew();
  }

  async function shareAnew(): Promise<void> {
    const wanted = slicesAtOnce(input.slicesInFlight, left);
    if (left === 0 || !isWorthTelling(share.slicesAtOnce, wanted)) return;
    share = { revision: share.revision + 1, slicesAtOnce: wanted };
    const told = share;
    await Promise.all([...running].map((handle) => tell(handle, told)));
  }

  async function tell(handle: PartitionHandle, told: PartitionShare): Promise<void> {
    try {
      await handle.signal(shareSignal, told);
    } catch (error) {
      if (isCancellation(error)) throw error;
      // It has closed in the meantime, and whoever awaits its result learns how; or else it runs as before, only slower.
      log.warn('a partition could not be told how many slices to run at once', { workflowId: handle.workflowId });
    }
  }
}

/** Starts a partition, waiting for one of the same id that an earlier run of the migration has left to close. */
async function startPartition(
  input: MigrationInput,
  { epoch, layout }: PrepareResult,
  partition: number,
  share: PartitionShare,
): Promise<PartitionHandle> {
  const { control, round, heartbeatTimeoutMs, searchAttributes } = input;
  const blockedRetryMs = input.blockedRetryMs ?? defaultBlockedRetryMs;
  const childInput: PartitionInput = {
    ...{ control, epoch, round, partition, layout, share, heartbeatTimeoutMs, blockedRetryMs, searchAttributes },
  };
  const labels = partitionLabels(layout, partition);
  const total = partitionUnits(layout, partition);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startChild<typeof partitionFunction>(partitionWorkflow, {
        ...partitionOptions,
        workflowId: partitionWorkflowId(control.name, round, partition),
        args: [childInput],
        staticSummary: labels.summary,
        staticDetails: labels.details,
        ...(searchAttributes && {
          typedSearchAttributes: initialAttributes({ name: control.name, level: 'partition', total }),
        }),
      });
    } catch (error) {
      const occupied = error instanceof WorkflowExecutionAlreadyStartedError;
      if (!occupied || attempt === partitionStartRetry.attemptsMax) throw error;
      await sleep(partitionStartRetry.delayMs);
    }
  }
}
