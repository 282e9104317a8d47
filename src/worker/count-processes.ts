import type { Connection } from '@temporalio/client';
import { controlTaskQueue } from '../domain/ids.js';
import { recentPollers } from '../recent-pollers.js';

/** Which task queue this process serves, and as whom. */
export interface ServedQueue {
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
}

/**
 * Counts the worker processes of a task queue, this one included, whatever their hosts. The control queue is asked,
 * because a process polls it also while it has no slot left for a slice. For about a minute after a process has gone it
 * is still counted, so that the count may be too high for a while, and never stays too low.
 */
export async function countProcesses(
  connection: Pick<Connection, 'workflowService'>,
  { namespace, taskQueue, identity }: ServedQueue,
): Promise<number> {
  const queue = { namespace, taskQueue: controlTaskQueue(taskQueue), isForActivities: true };
  return new Set([identity, ...(await recentPollers(connection, queue))]).size;
}
