import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../../src/commands/run-program.js';
import type { RootDescription } from '../../../../src/commands/ports/temporal-port.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot } from '../sample-documents.js';

async function list(roots: readonly RootDescription[], ...options: string[]) {
  const listRoots = async function* () {
    yield* roots;
  };
  const context = fakeContext({ connectTemporal: async () => fakeTemporal([], { listRoots }) });
  const status = await runProgram(['list', ...options], context);
  return { status, out: context.out.text(), err: context.err.text() };
}

describe('the list of migrations', () => {
  it('shows phase and progress of each from its memo alone', async () => {
    const ended = { ...completedRoot, workflowId: 'migration/years-2019', memo: { ...runningRoot.memo!, total: 403 } };
    expect((await list([runningRoot, ended])).out.split('\n')).toEqual([
      'NAME        PHASE                    UNITS                            STARTED               ENDED',
      'orders      running                  403 of 1,000 (40.3 %), 1 failed  2026-01-02 03:03 UTC',
      'years-2019  completed-with-failures  403 of 403 (100.0 %), 1 failed   ' +
        '2026-01-02 03:03 UTC  2026-01-02 03:04 UTC',
      'Web UI  http://127.0.0.1:8233/namespaces/default/workflows' +
        '?query=%60WorkflowType%60%3D%22migration%22&savedQuery=Migrations',
      '',
    ]);
  });

  it('says so when there is none', async () => {
    expect(await list([])).toMatchObject({
      status: 0,
      out: 'Temporal at 127.0.0.1:7233, namespace default, does not know any migration.\n',
    });
    expect(JSON.parse((await list([], '--json')).out)).toEqual({ migrations: [] });
  });

  it('shows a root that has no memo yet, or none of ours', async () => {
    const { out } = await list([{ ...runningRoot, memo: null }]);
    expect(out).toMatch(/orders +preparing +0 of 0 \(0\.0 %\)/);
  });

  it('is bounded', async () => {
    const { out, err } = await list(Array<RootDescription>(1_001).fill(runningRoot));
    const [head, ...roots] = out.trimEnd().split('\n');
    expect(head).toMatch(/^NAME /);
    expect(roots.filter((line) => line.startsWith('orders '))).toHaveLength(1_000);
    expect(err).toBe('Only the newest 1,000 migrations are shown.\n');
  });

  it.each([
    ['warns when one of them runs and no worker polls', [runningRoot], false, true],
    ['does not warn when one of them runs and a worker polls', [runningRoot], true, false],
    ['does not warn when all have ended', [completedRoot], false, false],
  ])('%s', async (_promise, roots, isPolled, warns) => {
    const context = fakeContext({
      connectTemporal: async () =>
        fakeTemporal([], {
          isPolled: async () => isPolled,
          async *listRoots() {
            yield* roots;
          },
        }),
    });
    expect(await runProgram(['list'], context)).toBe(0);
    expect(context.err.text().includes('warning: no worker answers on task queue longhaul')).toBe(warns);
  });
});
