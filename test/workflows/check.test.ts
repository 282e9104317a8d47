import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/activity-messages.js';
import { temporalClientPort } from '../../src/client/temporal-client-port.js';
import type { WorkerCheckOutcome } from '../../src/commands/ports/temporal-checks.js';
import { controlTaskQueue } from '../../src/domain/ids.js';
import type { Probe } from '../../src/domain/probe.js';
import type { CheckInput } from '../../src/workflows/messages.js';
import { Flag } from '../support/fakes/flag.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';
import { workflowBundle } from '../support/servers/workflow-bundle.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  // As servers have it by default, other than one for development.
  env = await startTemporalServer(['matching.numTaskqueueReadPartitions=4', 'matching.numTaskqueueWritePartitions=4']);
});
afterAll(() => env.teardown());

type CheckActivities = Pick<Activities, 'checkSources' | 'checkTarget'>;

const probe = (id: string): Probe => ({ id, what: id, verdict: 'ok', message: 'fine' });
const fine: CheckActivities = {
  checkSources: async () => ({
    probes: [probe('source/east/list')],
    sample: { lookups: 2, blobs: 3, bytes: 400 },
  }),
  checkTarget: async () => [probe('target/bucket')],
};
const input: CheckInput = {
  sources: { accounts: {}, find: [], expect: {}, decompress: 'auto', units: [] },
  target: {
    ...{ name: 'orders', exampleKey: 'orders/1', keyPrefix: 'orders/' },
    target: {
      ...{ bucket: 'archive', key: 'orders/{{ id }}', tags: {}, metadata: {}, overwrite: 'never' },
      ...{ conditionalWrites: 'require', control: { bucket: 'archive', prefix: '.longhaul' } },
    },
  },
};

/** Runs a check as the command line does, with a worker that has these activities. */
async function check(activities: CheckActivities, signal = new AbortController().signal): Promise<WorkerCheckOutcome> {
  const taskQueue = `q-${randomUUID()}`;
  const common = { connection: env.nativeConnection, shutdownForceTime: '5 seconds' } as const;
  const main = await Worker.create({
    ...{ ...common, taskQueue, workflowBundle: await workflowBundle() },
  });
  const control = await Worker.create({ ...common, taskQueue: controlTaskQueue(taskQueue), activities });
  const { connection, client } = env;
  const port = temporalClientPort({ address: 'test', namespace: 'default', connection, client, taskQueue });
  return control.runUntil(main.runUntil(port.checks.runCheck(`m-${randomUUID().slice(0, 8)}`, input, signal)));
}

describe('a check on a worker', () => {
  test('returns what the probes of the accounts and of the target have found', async () => {
    expect(await check(fine)).toEqual({
      result: {
        sources: [probe('source/east/list')],
        target: [probe('target/bucket')],
        sample: { lookups: 2, blobs: 3, bytes: 400 },
      },
    });
  });

  test('says what could not be checked when an activity fails, and keeps the rest', async () => {
    const broken = async (): Promise<never> => {
      throw ApplicationFailure.create({ type: 'Unexpected', message: 'out of luck', nonRetryable: true });
    };
    expect(await check({ ...fine, checkSources: broken })).toEqual({
      result: {
        target: [probe('target/bucket')],
        sources: [
          {
            ...{ id: 'source/worker', what: 'the source from a worker', verdict: 'unchecked', message: 'out of luck' },
            fix: "look at the workers' logs, and run the check again",
          },
        ],
      },
    });
  });

  test('is cancelled when the user interrupts it', async () => {
    const interrupted = new AbortController();
    const cancelled = new Flag();
    const checkTarget = async (): Promise<never> => {
      const { cancelled: whenCancelled } = Context.current();
      const beating = setInterval(() => Context.current().heartbeat(), 50);
      interrupted.abort(new Error('interrupted'));
      return whenCancelled.finally(() => {
        clearInterval(beating);
        cancelled.raise();
      });
    };
    await expect(check({ ...fine, checkTarget }, interrupted.signal)).rejects.toThrow('interrupted');
    await cancelled.raised;
  });
});

test('the workers that are there are counted on all partitions of the task queue', async () => {
  const { connection, client } = env;
  const taskQueue = `q-${randomUUID()}`;
  const port = temporalClientPort({ address: 'test', namespace: 'default', connection, client, taskQueue });
  expect(await port.isPolled()).toBe(false);
  const identities = Array.from({ length: 12 }, (_unused, number) => `process-${String(number).padStart(2, '0')}`);
  const polling = new AbortController();
  const poll = (identity: string) =>
    connection.workflowService.pollActivityTaskQueue({
      ...{ namespace: 'default', identity, taskQueue: { name: taskQueue } },
    });
  const polls = Promise.allSettled(
    identities.map((identity) =>
      connection.withAbortSignal(polling.signal, () =>
        connection.withDeadline(Date.now() + 60_000, () => poll(identity)),
      ),
    ),
  );
  try {
    await expect.poll(() => port.checks.workers(), { timeout: 30_000 }).toEqual(identities);
    expect(await port.isPolled()).toBe(true);
  } finally {
    polling.abort();
    await polls;
  }
});
