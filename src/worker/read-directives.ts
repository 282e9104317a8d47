import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Directives } from '../domain/directives.js';
import { rootWorkflowId } from '../domain/ids.js';
import { memoKey, type RootMemo } from '../workflows/messages.js';

/**
 * Reads the operator's directives from the memo of a migration's newest root: one request. Undefined if there are none.
 */
export async function readDirectives(client: Client, name: string): Promise<Directives | undefined> {
  try {
    const { memo } = await client.workflow.getHandle(rootWorkflowId(name)).describe();
    return (memo?.[memoKey] as RootMemo | undefined)?.control;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
