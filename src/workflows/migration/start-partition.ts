import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { sleep, startChild, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { PrepareResult } from '../../activities/activity-messages.js';
import { partitionWorkflowId } from '../../domain/ids.js';
import { partitionOptions, partitionStartRetry } from '../activity-options.js';
import type { PartitionControl } from '../operator-messages.js';
import { partitionWorkflow, type MigrationInput, type PartitionInput } from '../messages.js';
import { partitionLabels, partitionUnits } from './partition-labels.js';
import type { partition as partitionFunction } from '../partition/partition.js';
import { initialAttributes } from '../search-attributes.js';

export type PartitionHandle = ChildWorkflowHandle<typeof partitionFunction>;

/** Starts a partition, waiting for one of the same id that an earlier run of the migration has left to close. */
export async function startPartition(
  input: MigrationInput,
  { epoch, layout }: PrepareResult,
  partition: number,
  told: PartitionControl,
): Promise<PartitionHandle> {
  const { control, round, heartbeatTimeoutMs, searchAttributes } = input;
  const childInput: PartitionInput = {
    ...{ control, epoch, round, partition, layout, told, heartbeatTimeoutMs, searchAttributes },
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
