import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../../src/activities/activity-messages.js';
import { controlTaskQueue } from '../../../src/domain/ids.js';
import type { Probe } from '../../../src/domain/probe.js';
import type { ExploreRequest } from '../../../src/explore/explore-request.js';
import {
  checkWorkflow,
  exploreUnitsWorkflow,
  exploreWorkflow,
  type CheckInput,
} from '../../../src/workflows/messages.js';
import { workflowBundle } from '../servers/workflow-bundle.js';
import type { RecordedPath } from './recorded-paths.js';

/** Paths of the workflows that only look: `explore` and `check`. */
export const recordedLooks: readonly RecordedPath[] = [
  {
    name: 'explore',
    roles: ['alone'],
    run: (env) =>
      ends(env, exploreWorkflow, request, {
        exploreAccount: async () => ({
          ...{ blobs: 0, bytes: 0, containers: [], shapes: [], moreShapes: null },
          moreContainers: { containers: 0, blobs: 0, bytes: 0, sampled: 0 },
        }),
      }),
  },
  {
    name: 'explore-refused',
    roles: ['alone'],
    run: (env) => ends(env, exploreWorkflow, request, { exploreAccount: refused }, 'SourceForbidden'),
  },
  {
    name: 'explore-units',
    roles: ['alone'],
    run: (env) =>
      ends(
        env,
        exploreUnitsWorkflow,
        { request, columns: ['day'], pattern: { pattern: '^(.*)$', groups: [] }, position: { walk: {}, skip: 0 } },
        { exploreUnits: async () => ({ units: [['01']], next: null }) },
      ),
  },
  {
    name: 'check',
    roles: ['alone'],
    run: (env) =>
      ends(env, checkWorkflow, checkInput, {
        checkSources: async () => ({ probes: [probe('source/east/list')], sample: { lookups: 1, blobs: 2, bytes: 3 } }),
        checkTarget: async () => [probe('target/bucket')],
      }),
  },
  {
    name: 'check-broken',
    roles: ['alone'],
    run: (env) =>
      ends(env, checkWorkflow, checkInput, { checkSources: refused, checkTarget: async () => [probe('target/bucket')] }),
  },
];

const request: ExploreRequest = {
  account: { name: 'east', definition: { endpoint: 'https://east.example' }, orIdentity: false },
  ...{ prefix: '', whole: false },
};

const checkInput: CheckInput = {
  sources: { accounts: {}, find: [], expect: {}, decompress: 'auto', units: [] },
  target: {
    ...{ name: 'orders', exampleKey: 'orders/1', keyPrefix: 'orders/' },
    target: {
      ...{ bucket: 'archive', key: 'orders/{{ id }}', tags: {}, metadata: {}, overwrite: 'never' },
      ...{ conditionalWrites: 'require', control: { bucket: 'archive', prefix: '.longhaul' } },
    },
  },
};

const probe = (id: string): Probe => ({ id, what: id, verdict: 'ok', message: 'fine' });

const refused = async (): Promise<never> => {
  throw ApplicationFailure.nonRetryable('account east refused the credential', 'SourceForbidden');
};

/** Runs a workflow with these activities to its end, which is a failure of a class if one is given. */
async function ends(
  env: TestWorkflowEnvironment,
  type: string,
  input: unknown,
  activities: Partial<Activities>,
  failureClass?: string,
): Promise<{ readonly handle: WorkflowHandle }> {
  const taskQueue = `q-${randomUUID()}`;
  const common = { connection: env.nativeConnection, shutdownForceTime: '5 seconds' } as const;
  const main = await Worker.create({ ...common, taskQueue, workflowBundle: await workflowBundle() });
  const control = await Worker.create({ ...common, taskQueue: controlTaskQueue(taskQueue), activities });
  return control.runUntil(
    main.runUntil(async () => {
      const workflowId = `${type}/${taskQueue}`;
      const handle = await env.client.workflow.start(type, { workflowId, taskQueue, args: [input] });
      const ended = await handle.result().then(
        () => undefined,
        (error: unknown) => (error as { readonly cause?: { readonly type?: string } }).cause?.type,
      );
      if (ended === failureClass) return { handle };
      throw new Error(`${workflowId} ended with ${ended ?? 'a result'}`);
    }),
  );
}
