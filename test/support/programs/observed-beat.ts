import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { ObserveBeat } from '../../../src/activities/observe/observe.js';
import { rootWorkflowId } from '../../../src/domain/ids.js';
import type { SharedStack } from '../servers/e2e-stack.js';

/** Returns the figures of a migration in Temporal, which `status` and `watch` show, with the time of their sum. */
export async function observedBeat(
  { environment }: Pick<SharedStack, 'environment'>,
  name: string,
): Promise<ObserveBeat | undefined> {
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: environment['TEMPORAL_NAMESPACE'] ?? '' });
    const { raw } = await client.workflow.getHandle(rootWorkflowId(name)).describe();
    const observe = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'observe');
    const [beat] = observe?.heartbeatDetails?.payloads ?? [];
    return beat && defaultPayloadConverter.fromPayload<ObserveBeat>(beat);
  } catch (error) {
    // It has not been started yet.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  } finally {
    await connection.close();
  }
}
