import type { Connection } from '@temporalio/client';
import pLimit from 'p-limit';
import { grpcCode, isGrpcError } from './grpc-errors.js';

// A worker polls at least once a minute; the server remembers it for five.
const pollAgeMaxMs = 75_000;

// TASK_QUEUE_TYPE_WORKFLOW and _ACTIVITY of the API, which the SDK does not export by name.
const workflowTasks = 1;
const activityTasks = 2;

// A queue has four partitions by default, and some dozens at most.
const requestsAtOnce = 8;

/**
 * Returns the identities of the processes that poll a task queue, or that poll it for activities. The server divides a
 * queue into partitions, each of which knows only of the polls that it gets, and answers for the first one unless it is
 * asked for another.
 */
export async function recentPollers(
  { workflowService }: Pick<Connection, 'workflowService'>,
  {
    namespace,
    taskQueue,
    isForActivities = false,
  }: { readonly namespace: string; readonly taskQueue: string; readonly isForActivities?: boolean },
): Promise<readonly string[]> {
  const limit = pLimit(requestsAtOnce);
  const partitions = await partitionsOf(workflowService, { namespace, taskQueue });
  const asked = partitions.filter(({ type }) => !isForActivities || type === activityTasks);
  const answers = await limit.map([...asked], ({ name, type }) =>
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its package is not a dependency
    workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: type }),
  );
  const recent = answers
    .flatMap(({ pollers }) => pollers)
    .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - pollAgeMaxMs);
  return [...new Set(recent.map(({ identity }) => identity ?? ''))].sort();
}

/** Returns the partitions of a queue, or only the first one of each type if the server does not list them. */
async function partitionsOf(
  workflowService: Connection['workflowService'],
  { namespace, taskQueue }: { readonly namespace: string; readonly taskQueue: string },
): Promise<readonly { readonly name: string; readonly type: 1 | 2 }[]> {
  try {
    const queue = { namespace, taskQueue: { name: taskQueue } };
    const { workflowTaskQueuePartitions, activityTaskQueuePartitions } =
      await workflowService.listTaskQueuePartitions(queue);
    return [
      ...workflowTaskQueuePartitions.map(({ key }) => ({ name: key ?? taskQueue, type: workflowTasks }) as const),
      ...activityTaskQueuePartitions.map(({ key }) => ({ name: key ?? taskQueue, type: activityTasks }) as const),
    ];
  } catch (error) {
    if (!isGrpcError(error, [grpcCode.unimplemented, grpcCode.permissionDenied])) throw error;
    return [
      { name: taskQueue, type: workflowTasks },
      { name: taskQueue, type: activityTasks },
    ];
  }
}
