import type { WorkflowService } from '@temporalio/client';
import { controlTaskQueue } from '../domain/ids.js';

/** Which task queue this process serves, and as whom. */
export interface ServedQueue {
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
}

/**
 * Counts the worker processes of a task queue, this one included, whatever their hosts. The control queue is asked,
 * because a process polls it also while it has no slot left for a slice. The server forgets a process about five
 * minutes after it has gone, so that the count may be too high for a while, and never stays too low.
 */
export async function countProcesses(
  service: Pick<WorkflowService, 'describeTaskQueue'>,
  { namespace, taskQueue, identity }: ServedQueue,
): Promise<number> {
  const { pollers } = await service.describeTaskQueue({
    namespace,
    taskQueue: { name: controlTaskQueue(taskQueue) },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its package is not a dependency
    taskQueueType: activityTaskQueue,
  });
  return new Set([identity, ...pollers.map((poller) => poller.identity)]).size;
}

const activityTaskQueue = 2;
