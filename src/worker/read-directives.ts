import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { rootWorkflowId } from '../domain/ids.js';
import type { RootControl } from '../workflows/operator-messages.js';
import { memoKey, type RootMemo } from '../workflows/messages.js';

/** Reads from the memo of a migration's newest root what its operator wants; undefined where it does not say. One describe. */
export async function readRootControl(client: Client, name: string): Promise<RootControl | undefined> {
  try {
    const { memo } = await client.workflow.getHandle(rootWorkflowId(name)).describe();
    return (memo?.[memoKey] as RootMemo | undefined)?.control;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
