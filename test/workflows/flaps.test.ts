import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tallyOf } from '../support/fakes/tally-of.js';
import { runFlaps } from '../support/protocol/flap.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';

const partitions = 8;
const flaps = 4;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporalServer(['limit.historyCount.suggestContinueAsNew=50', 'limit.historyCount.error=400']);
});
afterAll(() => env.teardown());

test(
  'an account that comes and goes costs the root nothing by itself, and each resume a bounded number of events',
  { timeout: 180_000 },
  async () => {
    const run = await runFlaps(env, partitions, flaps);
    expect(run.error).toBeUndefined();
    expect(run.result?.progress.tally).toEqual(tallyOf(partitions * flaps));
    expect(run.eventsUntold).toBe(0);
    expect(run.rootEvents).toBeLessThanOrEqual(10 * partitions + 16 * flaps);
  },
);
