import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { RootDescription, RootState } from '../commands/ports/temporal-port.js';
import { isFailureClass } from '../domain/failure-classes.js';
import type { FailureClass } from '../domain/failure-classes.js';
import { rootWorkflowId } from '../domain/ids.js';
import type { Progress } from '../domain/figures/progress.js';
import { decodePayload } from '../payload-codec.js';
import type { UnitFigures } from '../domain/figures/unit-figures.js';
import {
  beforeMemoKey,
  type ControlMemo,
  controlMemoKey,
  memoKey,
  type MigrationResult,
  type RootMemo,
} from '../workflows/messages.js';
import { failingPreparation } from './failing-preparation.js';
import { ApplicationFailure, CancelledFailure, TemporalFailure, WorkflowFailedError } from './sdk/temporal.js';
import { withoutHint } from './without-hint.js';

/**
 * Describes the newest root run of a migration, with a second request if it has ended. Rejects with
 * `WorkflowNotFoundError`.
 */
export async function describeRoot(client: Client, name: string): Promise<RootDescription> {
  const description = await client.workflow.getHandle(rootWorkflowId(name)).describe();
  const summary = summariseRoot(description);
  if (summary.state === 'running') {
    const progress = await observedProgress(client, description.raw.pendingActivities);
    const failing = progress === null ? await failingPreparation(client, description.raw.pendingActivities) : undefined;
    return { ...summary, progress, result: null, failure: null, ...(failing && { failing }) };
  }
  return { ...summary, progress: null, ...(await ending(client, summary)) };
}

/** Returns what a list of workflows says about a root. */
export function summariseRoot(
  info: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status' | 'startTime' | 'closeTime' | 'memo'>,
): Omit<RootDescription, 'progress' | 'result' | 'failure'> {
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    state: stateOf(info.status.name),
    startedAt: info.startTime.toISOString(),
    endedAt: info.closeTime?.toISOString() ?? null,
    memo: (info.memo?.[memoKey] as RootMemo | undefined) ?? null,
    before: (info.memo?.[beforeMemoKey] as UnitFigures | undefined) ?? null,
    control: (info.memo?.[controlMemoKey] as ControlMemo | undefined) ?? null,
  };
}

function stateOf(status: WorkflowExecutionInfo['status']['name']): RootState {
  switch (status) {
    case 'COMPLETED':
      return 'completed';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    case 'TERMINATED':
      return 'terminated';
    case 'TIMED_OUT':
      return 'timed-out';
    default:
      // Running, or paused by the server's own pause: it has not ended.
      return 'running';
  }
}

type PendingActivities = Awaited<
  ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>
>['raw']['pendingActivities'];

async function observedProgress(client: Client, activities: PendingActivities): Promise<Progress | null> {
  const observe = activities?.find(({ activityType }) => activityType?.name === 'observe');
  const beat = await decodePayload(client, observe?.heartbeatDetails?.payloads?.[0]);
  // Before its first sum, `observe` beats without figures.
  return typeof beat === 'object' && beat !== null && 'tally' in beat ? (beat as Progress) : null;
}

async function ending(
  client: Client,
  { workflowId, runId }: Pick<RootDescription, 'workflowId' | 'runId'>,
): Promise<Pick<RootDescription, 'result' | 'failure'>> {
  try {
    const result: unknown = await client.workflow.result(workflowId, runId, { followRuns: false });
    return { result: result as MigrationResult, failure: null };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { result: null, failure: failureOf(error) };
    throw error;
  }
}

/** Finds the cause that has a class, or else the innermost cause, which says most. */
export function failureOf(error: WorkflowFailedError): {
  readonly class: FailureClass | null;
  readonly message: string;
} {
  let innermost: Error = error;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    innermost = cause;
    if (cause instanceof ApplicationFailure && cause.type != null && isFailureClass(cause.type)) {
      return { class: cause.type, message: withoutHint(cause.message, cause.type) };
    }
    if (cause instanceof CancelledFailure || !(cause instanceof TemporalFailure)) break;
  }
  return { class: null, message: innermost.message };
}
