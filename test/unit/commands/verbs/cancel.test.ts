import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../../../src/commands/ending/command-error.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import type { RootDescription, TemporalPort } from '../../../../src/commands/ports/temporal-port.js';
import { exampleFile } from '../../definition/example-file.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot } from '../sample-documents.js';

const cancelledRoot: RootDescription = {
  ...runningRoot,
  state: 'cancelled',
  endedAt: '2026-01-02T03:04:05.000Z',
  progress: null,
};

async function cancel(
  roots: readonly (RootDescription | undefined | Error)[],
  { argument = 'orders', port = {} }: { readonly argument?: string; readonly port?: Partial<TemporalPort> } = {},
) {
  const asked: string[] = [];
  const temporal = fakeTemporal(roots, {
    cancelRoot: async (name, runId) => void asked.push(`${name} ${runId}`),
    ...port,
  });
  const context = fakeContext({ connectTemporal: async () => temporal });
  const status = await runProgram(['cancel', argument], context);
  return { status, asked, out: context.out.text(), err: context.err.text() };
}

describe('cancel', () => {
  it('asks Temporal and waits until the root has ended', async () => {
    const { status, asked, out } = await cancel([runningRoot, runningRoot, runningRoot, cancelledRoot]);
    expect({ status, asked }).toEqual({ status: 0, asked: ['orders run-1'] });
    expect(out).toMatch(
      /^Cancelled the migration orders after 1 min 00 s\. Finished objects stay\.\norders {2}cancelled /,
    );
  });

  it('says of one that has already ended that there was nothing to cancel', async () => {
    const { status, asked, out } = await cancel([completedRoot]);
    expect({ status, asked }).toEqual({ status: 0, asked: [] });
    expect(out).toMatch(/^The migration orders has already ended; there was nothing to cancel\.\norders {2}completed/);
  });

  it('says of one that ended in the same moment that it ended by itself', async () => {
    const { status, out } = await cancel([runningRoot, completedRoot]);
    expect(status).toBe(0);
    expect(out).toContain('The migration orders ended by itself before it could be cancelled.');
  });

  it('names what the cancel had to leave undone', async () => {
    const failure = { class: 'TargetNetwork' as const, message: 'uploads may be left open: the bucket is gone' };
    const { memo } = cancelledRoot;
    const left = { ...cancelledRoot, memo: memo && { ...memo, failure } };
    const { status, out } = await cancel([runningRoot, left]);
    expect(status).toBe(0);
    expect(out).toContain('  TargetNetwork: uploads may be left open: the bucket is gone\n');
  });

  it('warns when no worker is there to act, and keeps waiting while the server is silent', async () => {
    const silence = new CommandError(6, 'Asking at Temporal failed: refused');
    const roots = [...Array<RootDescription>(12).fill(runningRoot), silence, silence, cancelledRoot];
    const { status, err } = await cancel(roots, { port: { isAnswered: async () => false } });
    expect(status).toBe(0);
    expect(err.match(/no worker answers on task queue longhaul/g)).not.toBeNull();
    expect(err.match(/refused; retrying/g)).toHaveLength(1);
  });

  it('gives up after ten minutes of silence', async () => {
    const silence = new CommandError(6, 'Asking at Temporal failed: refused');
    expect(await cancel([runningRoot, silence])).toMatchObject({ status: 6 });
  });

  it('knows only migrations that Temporal knows', async () => {
    const { status, err } = await cancel([undefined]);
    expect(status).toBe(5);
    expect(err).toMatch(/does not know a migration named orders\n {2}next: `longhaul list`/);
  });

  it('accepts a file too, and leaves a migration of the same name elsewhere alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-cancel-'));
    const argument = join(folder, 'migration.yaml');
    try {
      await writeFile(argument, exampleFile);
      expect(await cancel([runningRoot, cancelledRoot], { argument })).toMatchObject({ status: 0 });
      const elsewhere = { ...runningRoot, control: { bucket: 'other', prefix: '.longhaul', endpoint: null } };
      expect(await cancel([elsewhere], { argument })).toMatchObject({ status: 5, asked: [] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
