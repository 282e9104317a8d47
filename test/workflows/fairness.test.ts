import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rootWorkflowId } from '../../src/domain/ids.js';
import { complete, inputOf, layoutOf, runFakeMigration } from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

const dynamicConfig = [
  // As the local stack sets them.
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // The server would answer with a backlog of 5 seconds ago.
  'matching.TaskQueueInfoByBuildIdTTL="0s"',
];

const slots = 2;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporalServer(dynamicConfig);
});
afterAll(() => env.teardown());

test('a small migration ends long before a large one whose slices were all queued before it began', async () => {
  const large = layoutOf(2, 20);
  const small = layoutOf(1, 4);
  const go = new Flag();
  const order: string[] = [];
  let second = '';
  const run = await runFakeMigration(
    env,
    {
      layout: large,
      slots,
      // Slices that wait for the flag send no heartbeats.
      heartbeatTimeoutMs: 300_000,
      prepare: async ({ control }) => ({ epoch: 1, layout: control.name === second ? small : large }),
      moveSlice: async (task, name) => {
        await go.raised;
        order.push(name === second ? 'small' : 'large');
        return complete(task);
      },
    },
    async (handle) => {
      const { taskQueue } = await handle.describe();
      second = `${taskQueue}-small`;
      await until('the slices of the large one are queued', () => isBacklog(taskQueue, large.slices - slots));
      const other = await env.client.workflow.start('migration', {
        workflowId: rootWorkflowId(second),
        taskQueue,
        args: [inputOf(second, { layout: small })],
      });
      await until('the slices of both are queued', () => isBacklog(taskQueue, large.slices - slots + small.slices));
      go.raise();
      await other.result();
      return handle;
    },
  );
  expect(run.result?.phase).toBe('completed');
  expect(order).toHaveLength(large.slices + small.slices);
  expect(order.lastIndexOf('small')).toBeLessThan(16);
});

/** Whether exactly this many slices wait for a slot. */
async function isBacklog(taskQueue: string, slices: number): Promise<boolean> {
  const { stats } = await env.client.workflowService.describeTaskQueue({
    namespace: env.client.options.namespace,
    taskQueue: { name: taskQueue },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its package is not a dependency
    taskQueueType: activityTaskQueue,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0) === slices;
}

/** `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's interface. */
const activityTaskQueue = 2;
