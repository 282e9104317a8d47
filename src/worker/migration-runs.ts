import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError, type Payload } from '@temporalio/common';
import type { MigrationRuns } from '../activities/activity-dependencies.js';
import { shutdownType } from '../activities/interruption.js';
import type { PartitionView, PendingSlice } from '../activities/observe/partition-view.js';
import type { SliceBeat } from '../domain/slice-report.js';
import { emptyTally } from '../domain/tally.js';
import { decodePayload } from '../payload-codec.js';
import { memoKey, progressSignal, type PartitionMemo } from '../workflows/messages.js';

/** What Temporal knows of a migration's runs, asked through a client: one describe each, no worker needed. */
export function migrationRuns(client: Client): MigrationRuns {
  return {
    async isOpen({ workflowId, runId }) {
      try {
        const { status } = await client.workflow.getHandle(workflowId, runId).describe();
        return status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },

    async runningPartitions({ workflowId, runId }) {
      const { raw, status } = await client.workflow.getHandle(workflowId, runId).describe();
      if (status.name !== 'RUNNING') return undefined;
      return (raw.pendingChildren ?? []).map((child) => child.workflowId ?? '');
    },

    async describe(workflowId, root) {
      try {
        const description = await client.workflow.getHandle(workflowId).describe();
        // A partition of an earlier run of the migration tells nothing about this one.
        const isOurs = description.raw.workflowExecutionInfo?.rootExecution?.runId === root.runId;
        return isOurs ? await toView(client, description) : undefined;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },

    async signalProgress({ workflowId, runId }, progress) {
      try {
        await client.workflow.getHandle(workflowId, runId).signal(progressSignal, progress);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

async function toView(client: Client, description: WorkflowExecutionDescription): Promise<PartitionView> {
  const memo = description.memo?.[memoKey] as PartitionMemo | undefined;
  const partition = description.workflowId.split('/').at(-1) ?? '';
  return {
    closed: description.status.name !== 'RUNNING',
    tally: memo?.tally ?? emptyTally,
    blocked: memo?.blocked ?? [],
    slices: await Promise.all(
      (description.raw.pendingActivities ?? []).map((pending) => toSlice(client, partition, pending)),
    ),
  };
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

async function toSlice(client: Client, partition: string, pending: Pending): Promise<PendingSlice> {
  const { activityId, attempt, heartbeatDetails, lastFailure } = pending;
  const beat = await decodeBeat(client, heartbeatDetails?.payloads?.[0]);
  // Timeouts and shutdowns have no application failure: they are no sign that the slice itself fails.
  const failed = lastFailure?.applicationFailureInfo != null;
  const type = lastFailure?.applicationFailureInfo?.type ?? '';
  return {
    label: `${partition}/${activityId ?? ''}`,
    attempt: attempt ?? 1,
    ...(beat !== undefined && { beat }),
    ...(failed && type !== shutdownType && { lastFailure: { type, message: lastFailure.message ?? '' } }),
  };
}

async function decodeBeat(client: Client, payload: Payload | null | undefined): Promise<SliceBeat | undefined> {
  const beat = await decodePayload<Partial<SliceBeat>>(client, payload);
  return beat?.v === 1 ? (beat as SliceBeat) : undefined;
}
