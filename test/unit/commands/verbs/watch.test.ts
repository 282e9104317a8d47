import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../../src/commands/ending/command-error.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import type { StatusDocument } from '../../../../src/commands/status/status-document.js';
import type { RootDescription } from '../../../../src/commands/ports/temporal-port.js';
import type { Blocked } from '../../../../src/domain/figures/progress.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, progress, runningRoot } from '../sample-documents.js';

const blocked: Blocked = {
  ...{ what: 'account east', class: 'SourceAuth', message: 'the key was refused' },
  ...{ since: '2026-01-02T03:04:00.000Z', units: 12 },
};
const blockedRoot: RootDescription = {
  ...runningRoot,
  memo: { ...runningRoot.memo!, phase: 'blocked', blocked: [blocked] },
  progress: { ...progress, blocked: [blocked] },
};

async function watch(roots: readonly (RootDescription | undefined)[], ...options: string[]) {
  const context = fakeContext({ connectTemporal: async () => fakeTemporal(roots) });
  const status = await runProgram(['watch', 'orders', ...options], context);
  return { status, out: context.out.text(), err: context.err.text() };
}

describe('watch', () => {
  it('shows progress until the end, and then where the migration stands', async () => {
    const { status, out, err } = await watch([runningRoot, runningRoot, completedRoot]);
    expect(status).toBe(0);
    expect(err).toMatch(/^Web UI {2}http:[^]*running: 403 of 1,000 units/);
    expect(out).toMatch(/^orders {2}completed after 1 min 40 s/);
  });

  it('returns at once when the migration has ended', async () => {
    expect(await watch([completedRoot])).toMatchObject({ status: 0, err: '' });
  });

  it('continues while the migration is blocked, unless that is what it waits for', async () => {
    expect(await watch([blockedRoot, blockedRoot, completedRoot])).toMatchObject({ status: 0 });
    const { status, out } = await watch([runningRoot, runningRoot, blockedRoot, completedRoot], '--until', 'blocked');
    expect(status).toBe(7);
    expect(out).toContain('blocked: account east (SourceAuth): the key was refused, 12 units wait');
  });

  it('returns at the end also when another phase was waited for', async () => {
    const cancelled = { ...runningRoot, state: 'cancelled' as const, endedAt: runningRoot.startedAt, progress: null };
    expect(await watch([runningRoot, cancelled], '--until', 'completed')).toMatchObject({ status: 8 });
  });

  it('prints a document a line with --json: first, at each new phase, every ten seconds, and last', async () => {
    const long = Array<RootDescription>(7).fill(runningRoot);
    const { status, out } = await watch([runningRoot, ...long, blockedRoot, completedRoot], '--json');
    expect(status).toBe(0);
    const documents = out.trimEnd().split('\n');
    expect(documents.map((line) => (JSON.parse(line) as StatusDocument).phase)).toEqual([
      'running',
      'running',
      'blocked',
      'completed',
    ]);
  });

  it('leaves the migration running on Ctrl-C, and says so', async () => {
    const context = fakeContext({
      connectTemporal: async () => fakeTemporal([runningRoot]),
      sleep: async () => context.controller.abort(new Interrupted()),
    });
    expect(await runProgram(['watch', 'orders'], context)).toBe(130);
    expect(context.err.text()).toContain(
      'The migration orders continues without this terminal. To see it again: `longhaul watch orders`',
    );
  });

  it('knows only migrations that Temporal knows, and prints the error as a document in a line', async () => {
    const { status, out } = await watch([undefined], '--json');
    expect(status).toBe(5);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ error: { exitStatus: 5 } });
  });

  it('refuses a phase that does not exist', async () => {
    const { status, err } = await watch([runningRoot], '--until', 'done');
    expect(status).toBe(2);
    expect(err).toContain('completed-with-failures');
  });
});
