import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sliceLabel } from '../../src/domain/ids.js';
import type { SliceResult, SliceTask } from '../../src/domain/figures/slice-report.js';
import { memoKey } from '../../src/workflows/messages.js';
import { complete, layoutOf, runFakeMigration } from '../support/fakes/fake-migration.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  // The server's default is 4,096 events.
  env = await startTemporalServer(['limit.historyCount.suggestContinueAsNew=40']);
});
afterAll(() => env.teardown());

describe('a partition whose history gets long', () => {
  test('continues as new between slices, and asks for no slice again that is complete', async () => {
    const attempts = new Map<number, number>();
    // What the pages of the migration and of its partition show last.
    const shown: string[] = [];
    const fake = {
      layout: layoutOf(1, 20),
      // Each slice hands back a few times, so that something is always left to schedule.
      moveSlice: async (task: SliceTask): Promise<SliceResult> => {
        const attempt = (attempts.get(task.slice) ?? 0) + 1;
        attempts.set(task.slice, attempt);
        return attempt < 4 ? { state: 'partial', tally: tallyOf(attempt) } : complete(task);
      },
    };
    const run = await runFakeMigration(env, fake, async (handle) => {
      await handle.result();
      for (const id of [handle.workflowId, `${handle.workflowId}/r0000/p0000`]) {
        const page = env.client.workflow.getHandle(id);
        const { currentDetails } = await page.query<{ currentDetails: string }>('__temporal_workflow_metadata');
        shown.push(currentDetails.split('\n')[0] ?? '');
      }
      return handle;
    });
    // The total is that of all slices, not only of those that were left when it continued.
    for (const line of shown) expect(line).toMatch(/^\*\*completed\*\*.*: 200 of 200 units \(100\.0 %\), 0 failed$/);
    expect(shown).toHaveLength(2);
    expect(run.result?.progress.tally).toEqual(tallyOf(200));
    expect(new Set(run.tasks.map(sliceLabel)).size).toBe(20);
    expect(run.tasks).toHaveLength(80);
    const partition = env.client.workflow.getHandle(`${run.handle.workflowId}/r0000/p0000`);
    const { memo, raw } = await partition.describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
    expect(memo?.[memoKey]).toEqual({ tally: tallyOf(200), blocked: [] });
  });
});
