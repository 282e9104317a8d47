import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type {
  ExplorationRun,
  ExplorationState,
  TemporalExplorations,
} from '../commands/ports/temporal-explorations.js';
import type { ExploreRequest } from '../explore/explore-request.js';
import type { ExploreProgress } from '../explore/exploration.js';
import { exploreWorkflowId } from '../domain/ids.js';
import { decodePayload } from '../payload-codec.js';
import { exploreUnitsWorkflow, exploreWorkflow } from '../workflows/messages.js';
import { failureOf } from './describe-root.js';
import { WorkflowFailedError, WorkflowNotFoundError } from './sdk/temporal.js';

/** Starts and follows the workflows of `explore`. */
export function temporalExplorations({
  client,
  taskQueue,
  ask,
}: {
  readonly client: Client;
  readonly taskQueue: string;
  readonly ask: <T>(doing: string, request: () => Promise<T>) => Promise<T>;
}): TemporalExplorations {
  const begin = async <Result>(
    type: string,
    request: ExploreRequest,
    input: unknown,
  ): Promise<ExplorationRun<Result>> => {
    const workflowId = exploreWorkflowId(request.account.name, randomUUID().slice(0, 8));
    const handle = await ask(`Starting ${workflowId}`, () =>
      client.workflow.start(type, { workflowId, taskQueue, args: [input], staticSummary: placeOf(request) }),
    );
    return runOf(handle);
  };
  const runOf = <Result>(handle: WorkflowHandle): ExplorationRun<Result> => ({
    workflowId: handle.workflowId,
    look: () => ask(`Asking for ${handle.workflowId}`, () => look<Result>(client, handle)),
    cancel: () =>
      ask(`Cancelling ${handle.workflowId}`, async () => {
        try {
          await handle.cancel();
        } catch (error) {
          // It ended a moment ago.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
  });
  return {
    start: (request) => begin(exploreWorkflow, request, request),
    startUnits: (input) => begin(exploreUnitsWorkflow, input.request, input),
  };
}

const placeOf = ({ account, container, prefix }: ExploreRequest): string =>
  `az://${[account.name, ...(container === undefined ? [] : [container, prefix])].join('/')}`.slice(0, summaryMax);

// The server refuses longer summaries; a character has at most four bytes.
const summaryMax = 100;

async function look<Result>(client: Client, handle: WorkflowHandle): Promise<ExplorationState<Result>> {
  const { status, raw } = await handle.describe();
  if (status.name === 'CANCELLED' || status.name === 'TERMINATED') return { state: 'cancelled' };
  if (status.name === 'RUNNING' || status.name === 'PAUSED') {
    const [activity] = raw.pendingActivities ?? [];
    const beat = await decodePayload<{ progress?: ExploreProgress } | undefined>(
      client,
      activity?.heartbeatDetails?.payloads?.[0],
    );
    const failed = activity?.lastFailure?.applicationFailureInfo == null ? undefined : activity.lastFailure.message;
    return {
      state: 'running',
      progress: beat?.progress ?? null,
      isBegun: activity?.lastStartedTime != null,
      waitsFor: failed ?? null,
    };
  }
  try {
    return { state: 'completed', result: (await handle.result()) as Result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { class: failureClass, message } = failureOf(error);
    return { state: 'failed', class: failureClass ?? 'Unexpected', message };
  }
}
