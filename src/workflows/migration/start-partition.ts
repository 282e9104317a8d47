import { startChild, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { PrepareResult } from '../../activities/activity-messages.js';
import { partitionWorkflowId } from '../../domain/ids.js';
import { partitionOptions } from '../activity-options.js';
import { partitionWorkflow, type MigrationInput, type PartitionInput } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import type { partition as partitionFunction } from '../partition/partition.js';
import { initialAttributes } from '../search-attributes.js';
import { partitionLabels, partitionUnits } from './partition-labels.js';

/** Starts a partition. Rejects with `WorkflowExecutionAlreadyStartedError` while one with the same id is open. */
export function startPartition(
  input: MigrationInput,
  { epoch, layout }: PrepareResult,
  partition: number,
  directives: PartitionDirectives,
): Promise<ChildWorkflowHandle<typeof partitionFunction>> {
  const { control, round, heartbeatTimeoutMs, searchAttributes } = input;
  const childInput: PartitionInput = {
    ...{ control, epoch, round, partition, layout, directives, heartbeatTimeoutMs, searchAttributes },
  };
  const labels = partitionLabels(input, layout, partition);
  const total = partitionUnits(layout, partition);
  return startChild<typeof partitionFunction>(partitionWorkflow, {
    ...partitionOptions,
    workflowId: partitionWorkflowId(control.name, round, partition),
    args: [childInput],
    staticSummary: labels.summary,
    staticDetails: labels.details,
    ...(searchAttributes && {
      typedSearchAttributes: initialAttributes({ name: control.name, level: 'partition', total }),
    }),
  });
}
