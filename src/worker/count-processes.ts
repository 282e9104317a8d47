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
  const { versionsInfo } = await service.describeTaskQueue({
    ...{ namespace, taskQueue: { name: controlTaskQueue(taskQueue) }, reportPollers: true },
    // The plain mode knows only those who poll the first of the partitions into which the server divides a queue.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its package is not a dependency
    ...{ apiMode: enhancedMode, taskQueueTypes: [activityTaskQueue] },
  });
  const identities = Object.values(versionsInfo)
    .flatMap(({ typesInfo }) => Object.values(typesInfo ?? {}))
    .flatMap(({ pollers }) => (pollers ?? []).map((poller) => poller.identity));
  return new Set([identity, ...identities]).size;
}

const enhancedMode = 1;
const activityTaskQueue = 2;
