import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tallyOf } from '../support/fakes/tally-of.js';
import { runFlaps } from '../support/protocol/flap.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';

const partitions = 60;
const flaps = 50;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  // The server terminates a workflow whose history gets longer than this. Its default is 51,200.
  env = await startTemporalServer(['limit.historyCount.suggestContinueAsNew=200', 'limit.historyCount.error=1700']);
});
afterAll(() => env.teardown());

test('fifty flaps of an account of sixty partitions stay far below the limit of any history', async () => {
  const run = await runFlaps(env, partitions, flaps);
  expect(run.error).toBeUndefined();
  expect(run.result?.progress.tally).toEqual(tallyOf(partitions * flaps));
  expect(run.eventsUntold).toBe(0);
  expect(run.rootEvents).toBeLessThanOrEqual(10 * partitions + 20 * flaps);
  expect(run.partitionEvents).toBeLessThanOrEqual(400);
  console.log(`root ${run.rootEvents} events, longest run of a partition ${run.partitionEvents}`);
});
