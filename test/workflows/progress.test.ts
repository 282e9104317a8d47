import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { zeroRate, type Progress } from '../../src/domain/figures/progress.js';
import { memoKey, type RootMemo } from '../../src/workflows/messages.js';
import { pauseUpdate, resumeUpdate } from '../../src/workflows/operator-messages.js';
import { progressQuery, progressSignal } from '../../src/workflows/progress-messages.js';
import { complete, layoutOf, runFakeMigration } from '../support/fakes/fake-migration.js';
import { Flag } from '../support/fakes/flag.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await connectToTemporal(inject('temporalAddress'));
});
afterAll(() => env.teardown());

const figures: Progress = {
  round: 0,
  total: 10,
  tally: tallyOf(4),
  rate: { ...zeroRate, unitsPerSecond: 2 },
  etaSeconds: 3,
  blocked: [{ what: 'account east', class: 'SourceAuth', message: 'expired', since: '2026-01-01T00:00:00Z', units: 5 }],
  at: '2026-01-01T00:00:10Z',
};

describe('the root', () => {
  test('shows the figures of observe in its memo, search attributes, details and query', async () => {
    const seen = new Flag();
    const sent = new Flag();
    const during: Record<string, unknown> = {};
    const run = await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        searchAttributes: true,
        observe: async () => {
          const { workflowExecution } = Context.current().info;
          const root = env.client.workflow.getHandle(workflowExecution!.workflowId);
          await root.signal(progressSignal, figures);
          sent.raise();
          await Context.current().cancelled;
        },
        moveSlice: async (task) => {
          await seen.raised;
          return complete(task);
        },
      },
      async (handle) => {
        await sent.raised;
        const answer = await handle.query(progressQuery);
        const { memo, typedSearchAttributes } = await handle.describe();
        const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
        Object.assign(during, { answer, memo, attributes: typedSearchAttributes.getAll(), metadata });
        seen.raise();
      },
    );
    expect(during['answer']).toMatchObject({ phase: 'blocked', tally: tallyOf(4), etaSeconds: null });
    expect(during['memo']).toMatchObject({
      longhaul: { phase: 'blocked', total: 10, tally: tallyOf(4), blocked: figures.blocked },
    });
    const attributes = (during['attributes'] as { key: { name: string }; value: unknown }[]).map(
      ({ key, value }) => [key.name, value] as const,
    );
    expect(Object.fromEntries(attributes)).toMatchObject({ LonghaulPhase: 'blocked', LonghaulDone: 4 });
    const { currentDetails } = during['metadata'] as { currentDetails: string };
    expect(currentDetails.split('\n')[0]).toMatch(
      /^\*\*blocked\*\* since .* UTC: 4 of 10 units \(40\.0 %\), 0 failed$/,
    );
    expect(currentDetails).toContain('Figures of 2026-01-01 00:00:10 UTC');
    expect(currentDetails).toContain('- **blocked: account east** (SourceAuth');
    // Late figures do not undo the end.
    expect(run.memo).toMatchObject({ phase: 'completed', tally: tallyOf(10), blocked: [] });
  });

  test('shows what its preparation waits for, until that gets through', async () => {
    const shown: string[] = [];
    const details = async (handle: { query: (name: string) => Promise<unknown> }): Promise<string> => {
      const metadata = (await handle.query('__temporal_workflow_metadata')) as { currentDetails: string };
      return metadata.currentDetails;
    };
    const sent = new Flag();
    const seen = new Flag();
    const isPrepared = new Flag();
    const isLookedAt = new Flag();
    await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        prepare: async () => {
          const { workflowExecution } = Context.current().info;
          const root = env.client.workflow.getHandle(workflowExecution!.workflowId);
          const away = { ...figures.blocked[0]!, class: 'SourceNetwork', message: 'no route', units: 0 } as const;
          await root.signal(progressSignal, { ...figures, total: 0, tally: tallyOf(0), blocked: [], waiting: [away] });
          sent.raise();
          await seen.raised;
          return { epoch: 1, layout: layoutOf(1, 1) };
        },
        moveSlice: async (task) => {
          isPrepared.raise();
          await isLookedAt.raised;
          return complete(task);
        },
      },
      async (handle) => {
        await sent.raised;
        shown.push(await details(handle));
        seen.raise();
        await isPrepared.raised;
        shown.push(await details(handle));
        isLookedAt.raise();
      },
    );
    const [preparing = '', running = ''] = shown;
    expect(preparing).toMatch(/^\*\*preparing\*\* since .* UTC: 10 units\n/);
    expect(preparing).toMatch(
      /- \*\*waiting: account east\*\* \(SourceNetwork\) since .*: no route\. Next: check the network to the source/,
    );
    expect(preparing).toContain('Nothing has been counted yet');
    expect(running).toMatch(/^\*\*running\*\*/);
    expect(running).not.toContain('waiting');
  });

  test('shows the total of its staging from first to last, whatever figures it is told', async () => {
    const shown: Record<string, unknown> = {};
    const [isPreparing, prepares, isMoving, moves] = [new Flag(), new Flag(), new Flag(), new Flag()];
    const layout = layoutOf(2, 3);
    await runFakeMigration(
      env,
      {
        layout,
        searchAttributes: true,
        prepare: async () => {
          isPreparing.raise();
          await prepares.raised;
          return { epoch: 1, layout };
        },
        moveSlice: async (task) => {
          isMoving.raise();
          await moves.raised;
          return complete(task);
        },
      },
      async (handle) => {
        const look = async (when: string): Promise<void> => {
          const { total } = await handle.query(progressQuery);
          const { memo } = await handle.describe();
          const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
          const [, detailed] = /(\d+) units/.exec(currentDetails) ?? [];
          shown[when] = [total, (memo?.[memoKey] as RootMemo | undefined)?.total, Number(detailed)];
        };
        const tell = (total: number): Promise<void> =>
          handle.signal(progressSignal, { ...figures, total, tally: tallyOf(1), blocked: [] });
        await isPreparing.raised;
        await look('preparing');
        prepares.raise();
        await isMoving.raised;
        await look('running');
        for (const total of [0, 59, 61]) {
          await tell(total);
          await look(`told ${String(total)}`);
        }
        await handle.executeUpdate(pauseUpdate, { args: [{}] });
        await look('paused');
        await handle.executeUpdate(resumeUpdate, { args: [{}] });
        moves.raise();
        await handle.result();
        await look('completed');
        return handle;
      },
    );
    const phases = ['running', 'told 0', 'told 59', 'told 61', 'paused', 'completed'];
    expect(shown).toEqual({
      ...Object.fromEntries(phases.map((phase) => [phase, [60, 60, 60]])),
      // Until then the memo is the client's, which a fake migration has none of.
      preparing: [60, undefined, 60],
    });
  });

  test('describes each of its handlers to the Web UI', async () => {
    const done = new Flag();
    let metadata: { definition: Record<string, { name?: string; description?: string }[]> } | undefined;
    await runFakeMigration(
      env,
      {
        layout: layoutOf(1, 1),
        moveSlice: async (task) => {
          await done.raised;
          return complete(task);
        },
      },
      async (handle) => {
        metadata = await handle.query('__temporal_workflow_metadata');
        done.raise();
      },
    );
    const { queryDefinitions, signalDefinitions } = metadata!.definition;
    const ours = [...queryDefinitions!, ...signalDefinitions!].filter(({ name }) => name === 'progress');
    expect(ours).toHaveLength(2);
    expect(ours.every(({ description }) => (description ?? '').length > 20)).toBe(true);
  });
});
