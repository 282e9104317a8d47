import type { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { recentPollers } from '../../../src/recent-pollers.js';

const queue = { namespace: 'default', taskQueue: 'longhaul' };
const [workflowTasks, activityTasks] = [1, 2];

interface Poll {
  readonly partition: string;
  readonly type: number;
  readonly identity: string;
  readonly secondsAgo?: number;
}

/** A server with two partitions of each type, which have seen these polls. */
function server(polls: readonly Poll[], refusal?: number): Pick<Connection, 'workflowService'> {
  const partitions = ['longhaul', '/_sys/longhaul/1'].map((key) => ({ key }));
  const workflowService = {
    listTaskQueuePartitions: async () => {
      if (refusal !== undefined) throw Object.assign(new Error('refused'), { code: refusal });
      return { workflowTaskQueuePartitions: partitions, activityTaskQueuePartitions: partitions };
    },
    describeTaskQueue: async ({
      taskQueue,
      taskQueueType,
    }: {
      taskQueue: { name: string };
      taskQueueType: number;
    }) => ({
      pollers: polls
        .filter(({ partition, type }) => partition === taskQueue.name && type === taskQueueType)
        .map(({ identity, secondsAgo = 1 }) => ({
          identity,
          lastAccessTime: { seconds: Math.floor(Date.now() / 1_000) - secondsAgo },
        })),
    }),
  };
  return { workflowService } as unknown as Pick<Connection, 'workflowService'>;
}

describe('the processes that poll a task queue', () => {
  it('are found on every partition, each once', async () => {
    const polls: Poll[] = [
      { partition: 'longhaul', type: workflowTasks, identity: 'a' },
      { partition: '/_sys/longhaul/1', type: workflowTasks, identity: 'b' },
      { partition: '/_sys/longhaul/1', type: activityTasks, identity: 'c' },
      { partition: 'longhaul', type: activityTasks, identity: 'b' },
    ];
    expect(await recentPollers(server(polls), queue)).toEqual(['a', 'b', 'c']);
  });

  it('are those that poll for activities, where only they are asked for', async () => {
    const polls: Poll[] = [
      { partition: 'longhaul', type: workflowTasks, identity: 'a' },
      { partition: '/_sys/longhaul/1', type: activityTasks, identity: 'b' },
    ];
    expect(await recentPollers(server(polls), { ...queue, isForActivities: true })).toEqual(['b']);
  });

  it('are those that polled within the last minute or so, on any partition', async () => {
    const polls: Poll[] = [
      { partition: 'longhaul', type: workflowTasks, identity: 'gone', secondsAgo: 90 },
      { partition: 'longhaul', type: workflowTasks, identity: 'there', secondsAgo: 90 },
      { partition: '/_sys/longhaul/1', type: workflowTasks, identity: 'there', secondsAgo: 60 },
    ];
    expect(await recentPollers(server(polls), queue)).toEqual(['there']);
  });

  it('are those of the first partition where the server does not report partitions', async () => {
    const polls: Poll[] = [
      { partition: 'longhaul', type: activityTasks, identity: 'a' },
      { partition: '/_sys/longhaul/1', type: activityTasks, identity: 'b' },
    ];
    for (const refusal of [7, 12]) expect(await recentPollers(server(polls, refusal), queue)).toEqual(['a']);
    await expect(recentPollers(server(polls, 14), queue)).rejects.toThrow('refused');
  });
});
