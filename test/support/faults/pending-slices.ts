import { Client, Connection } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { partitionWorkflowId } from '../../../src/domain/ids.js';
import { planLayout } from '../../../src/domain/layout.js';
import type { SharedStack } from '../servers/e2e-stack.js';
import type { GeneratedMigration } from '../migrations/generated-migration.js';

/** A slice whose activity is pending, according to Temporal. */
export interface PendingSlice {
  /** `migration/orders/r0000/p0007/s0003` */
  readonly label: string;
  readonly attempt: number;
  /** How long Temporal waits after the last attempt before the next may begin; meaningless before the first attempt. */
  readonly retryAfterMs: number;
  /**
   * How the last attempt ended: the type of an application failure, or `timeout`. Undefined before the first attempt.
   */
  readonly lastFailure: string | undefined;
}

/** Asks Temporal for the pending slices of the first round of a migration. */
export async function pendingSlices(
  { environment }: Pick<SharedStack, 'environment'>,
  { name, expected }: Pick<GeneratedMigration, 'name' | 'expected'>,
): Promise<readonly PendingSlice[]> {
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: environment['TEMPORAL_NAMESPACE'] ?? '' });
    const { partitions } = planLayout(expected.length);
    const numbers = Array.from({ length: partitions }, (_unused, number) => number);
    const slices = await Promise.all(numbers.map((number) => slicesOf(client, partitionWorkflowId(name, 0, number))));
    return slices.flat();
  } finally {
    await connection.close();
  }
}

async function slicesOf(client: Client, workflowId: string): Promise<readonly PendingSlice[]> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).map((pending) => {
      const { activityId, attempt, lastFailure, lastAttemptCompleteTime, nextAttemptScheduleTime, scheduledTime } =
        pending;
      return {
        label: `${workflowId}/${activityId ?? ''}`,
        attempt: attempt ?? 1,
        retryAfterMs: Math.round(ms(nextAttemptScheduleTime ?? scheduledTime) - ms(lastAttemptCompleteTime)),
        lastFailure: lastFailure == null ? undefined : (lastFailure.applicationFailureInfo?.type ?? 'timeout'),
      };
    });
  } catch (error) {
    // It has not been started yet.
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

function ms(time: { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
}
