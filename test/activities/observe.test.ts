import { CompleteAsyncError } from '@temporalio/activity';
import { ActivityCancellationDetails, ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { createObserve, type ObserveBeat } from '../../src/activities/observe/observe.js';
import type { MigrationRuns } from '../../src/activities/migration-runs.js';
import type { ObserveInput } from '../../src/activities/activity-messages.js';
import { partitionWorkflowId } from '../../src/domain/ids.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const input: ObserveInput = { name: 'orders', round: 0, total: 5_000, partitions: 40 };
const previous: ObserveBeat = {
  ...{ round: 0, total: 5_000, tally: tallyOf(1_200), etaSeconds: null, blocked: [] },
  rate: { unitsPerSecond: 10, blobsPerSecond: 100, sourceBytesPerSecond: 10_000 },
  at: '2026-01-01T00:00:00.000Z',
  signalled: { count: 48, finished: 1_200, blocked: [] },
};

/** What Temporal answers; a migration of 40 partitions, of each of which ten units are known to be done. */
function runsOf(changes: Partial<MigrationRuns> = {}): MigrationRuns & { readonly asked: string[] } {
  const asked: string[] = [];
  const all = Array.from({ length: 40 }, (_unused, number) => partitionWorkflowId('orders', 0, number));
  const figures = { closed: false, tally: tallyOf(10), blocked: [], waiting: [] };
  return {
    asked,
    openRoot: async () => {
      asked.push('root');
      return { pause: 'none', partitions: all, pending: [] };
    },
    listPartitions: async () => {
      asked.push('list');
      return all.map((workflowId) => ({ workflowId, ...figures }));
    },
    describePartition: async (workflowId) => {
      asked.push(workflowId);
      return { ...figures, slices: [] };
    },
    listEarlierPartitions: async () => [],
    isOpen: async () => false,
    signalProgress: async () => {},
    tellPartition: async () => {},
    tellCredentials: async () => {},
    endObserve: async () => {},
    ...changes,
  };
}

/**
 * Runs `observe` as a new attempt after a restart until it has sent `beats` heartbeats; returns these and how it ended.
 */
async function observed(runs: MigrationRuns, beats: number, heartbeatDetails: unknown = previous) {
  const env = mockActivity({ heartbeatDetails });
  const beaten: (ObserveBeat | undefined)[] = [];
  env.on('heartbeat', (beat: ObserveBeat | undefined) => {
    beaten.push(beat);
    if (beaten.length === beats)
      env.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
  });
  const error = await env.run(createObserve({ runs, redact: (text) => text }), input).catch((cause: unknown) => cause);
  return { beaten, error };
}

describe('observe, right after a restart', () => {
  test('repeats the last heartbeat before anything has answered', async () => {
    let answer: (running: undefined) => void = () => {};
    const silent = runsOf({ openRoot: () => new Promise((resolve) => (answer = resolve)) });
    const env = mockActivity({ heartbeatDetails: previous });
    const first = new Promise<ObserveBeat>((resolve) => env.on('heartbeat', resolve));
    const run = env.run(createObserve({ runs: silent, redact: (text) => text }), input);
    expect(await first).toEqual(previous);
    answer(undefined);
    await expect(run).rejects.toThrow(CompleteAsyncError);
  });

  test('never shows less than before, however little the partitions report at first', async () => {
    const { beaten } = await observed(runsOf(), 2);
    expect(beaten[1]).toMatchObject({ tally: tallyOf(1_200), total: 5_000 });
  });

  test('begins from zero when the previous figures are those of another round', async () => {
    const { beaten } = await observed(runsOf(), 2, { ...previous, round: 3 });
    expect(beaten[0]).toBeUndefined();
    expect(beaten[1]).toMatchObject({ tally: tallyOf(400) });
  });

  test('asks for another attempt soon when shut down, so that the next worker continues the figures', async () => {
    const { error } = await observed(runsOf(), 2);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'WorkerShutdown', nextRetryDelay: '1 second' });
  });

  test('makes one request for the root, one for the list, and one for each open partition a look', async () => {
    const runs = runsOf();
    await observed(runs, 2);
    expect(runs.asked).toHaveLength(42);
    expect(new Set(runs.asked).size).toBe(42);
  });
});
