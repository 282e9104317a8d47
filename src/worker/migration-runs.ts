import {
  ActivityNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { shutdownType } from '../activities/interruption.js';
import type { MigrationRuns } from '../activities/migration-runs.js';
import type {
  ListedPartition,
  PartitionFigures,
  PendingActivity,
  PendingSlice,
} from '../activities/observe/partition-view.js';
import type { SliceBeat } from '../domain/figures/slice-report.js';
import { emptyTally } from '../domain/figures/tally.js';
import { decodePayload } from '../payload-codec.js';
import { memoKey, partitionWorkflow, type PartitionMemo, type RootMemo } from '../workflows/messages.js';
import { progressSignal } from '../workflows/progress-messages.js';
import { credentialsSignal, directivesSignal } from '../workflows/operator-messages.js';

/**
 * Returns what Temporal knows about a migration's runs, asked through a client. No worker is needed for the answers.
 */
export function migrationRuns(client: Client): MigrationRuns {
  return {
    async openRoot({ workflowId, runId }) {
      const { raw, status, memo } = await client.workflow.getHandle(workflowId, runId).describe();
      if (status.name !== 'RUNNING') return undefined;
      const known = memo?.[memoKey] as RootMemo | undefined;
      return {
        pause: known?.control?.pause ?? 'none',
        ...(known && { tally: known.tally }),
        partitions: (raw.pendingChildren ?? []).map((child) => child.workflowId ?? ''),
        pending: (raw.pendingActivities ?? []).map(toPending).filter(({ type }) => type !== 'observe'),
      };
    },

    async listPartitions({ workflowId, runId }) {
      const query = `${partitionsOf(workflowId)} AND RootRunId = '${runId}' AND ExecutionStatus != 'ContinuedAsNew'`;
      const listed: ListedPartition[] = [];
      for await (const info of client.workflow.list({ query, pageSize: pageMax })) {
        listed.push({ workflowId: info.workflowId, ...toFigures(info) });
      }
      return listed;
    },

    async describePartition(workflowId, root) {
      const description = await describe(workflowId);
      // A partition of an earlier run of the migration says nothing about this one.
      if (description?.raw.workflowExecutionInfo?.rootExecution?.runId !== root.runId) return undefined;
      const partition = workflowId.split('/').at(-1) ?? '';
      const pending = description.raw.pendingActivities ?? [];
      const slices = await Promise.all(pending.map((activity) => toSlice(client, partition, activity)));
      return { ...toFigures(description), slices };
    },

    async listEarlierPartitions({ workflowId, runId }) {
      const query = `${partitionsOf(workflowId)} AND RootRunId != '${runId}' AND ExecutionStatus = 'Running'`;
      const listed: string[] = [];
      for await (const info of client.workflow.list({ query, pageSize: pageMax })) listed.push(info.workflowId);
      return listed;
    },

    async isOpen({ workflowId, runId }) {
      return (await describe(workflowId, runId))?.status.name === 'RUNNING';
    },

    signalProgress: ({ workflowId, runId }, progress) =>
      unlessClosed(client.workflow.getHandle(workflowId, runId).signal(progressSignal, progress)),

    async endObserve({ workflowId, runId }) {
      const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
      const observe = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'observe');
      if (observe?.activityId == null) return;
      try {
        await client.activity.complete({ workflowId, runId, activityId: observe.activityId }, undefined);
      } catch (error) {
        if (!(error instanceof ActivityNotFoundError)) throw error;
      }
    },

    tellPartition: (workflowId, root, directives) =>
      unlessClosed(client.workflow.getHandle(workflowId).signal(directivesSignal, { ...directives, root: root.runId })),

    tellCredentials: (workflowId) => unlessClosed(client.workflow.getHandle(workflowId).signal(credentialsSignal)),
  };

  async function describe(workflowId: string, runId?: string): Promise<WorkflowExecutionDescription | undefined> {
    try {
      return await client.workflow.getHandle(workflowId, runId).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }
}

// So all partitions of a migration come in one request.
const pageMax = 1_000;

/** Names of migrations contain no quotes, so nothing is escaped. */
const partitionsOf = (rootWorkflowId: string): string =>
  `RootWorkflowId = '${rootWorkflowId}' AND WorkflowType = '${partitionWorkflow}'`;

async function unlessClosed(signal: Promise<void>): Promise<void> {
  try {
    await signal;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

function toFigures({ status, memo }: Pick<WorkflowExecutionInfo, 'status' | 'memo'>): PartitionFigures {
  const { tally = emptyTally, blocked = [], waiting = [], rest } = (memo?.[memoKey] ?? {}) as Partial<PartitionMemo>;
  return { closed: status.name !== 'RUNNING', tally, blocked, waiting, ...(rest !== undefined && { rest }) };
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

async function toSlice(client: Client, partition: string, pending: Pending): Promise<PendingSlice> {
  const { type: _moveSlice, lastFailure, ...activity } = toPending(pending);
  const details = pending.heartbeatDetails?.payloads?.[0];
  const decoded = await decodePayload<Partial<SliceBeat> | undefined>(client, details);
  const beat = decoded?.v === 1 ? (decoded as SliceBeat) : undefined;
  const failure = pending.lastFailure?.applicationFailureInfo?.details?.payloads?.[0];
  const named = await decodePayload<{ readonly what?: string } | undefined>(client, failure);
  return {
    ...activity,
    label: `${partition}/${pending.activityId ?? ''}`,
    running: Number(pending.state) === startedState,
    ...(pending.lastWorkerIdentity != null && { worker: pending.lastWorkerIdentity }),
    ...(beat !== undefined && { beat }),
    ...(lastFailure !== undefined && {
      lastFailure: { ...lastFailure, ...(named?.what !== undefined && { what: named.what }) },
    }),
  };
}

// temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
const startedState = 2;

function toPending({ activityType, attempt, lastFailure }: Pending): PendingActivity {
  // A timeout or a shutdown does not mean that the activity itself fails.
  const failed = lastFailure?.applicationFailureInfo != null;
  const type = lastFailure?.applicationFailureInfo?.type ?? '';
  return {
    type: activityType?.name ?? '',
    attempt: attempt ?? 1,
    ...(failed && type !== shutdownType && { lastFailure: { type, message: lastFailure.message ?? '' } }),
  };
}
