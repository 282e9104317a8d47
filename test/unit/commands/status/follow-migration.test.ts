import { describe, expect, it } from 'vitest';
import { CommandError, Interrupted } from '../../../../src/commands/ending/command-error.js';
import { followMigration } from '../../../../src/commands/status/follow-migration.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot, subject } from '../sample-documents.js';

const silence = new CommandError(6, 'Asking at Temporal 127.0.0.1:7233 failed: refused');

describe('following a migration', () => {
  it('writes a line at most every ten seconds where there is no terminal, and gives the last document', async () => {
    const context = fakeContext();
    const grown = Array.from({ length: 11 }, (_, done) => ({
      ...runningRoot,
      memo: null,
      progress: { ...runningRoot.progress!, tally: { ...runningRoot.progress!.tally, blobs: { done } } },
    }));
    const temporal = fakeTemporal([...grown, completedRoot]);
    const document = await followMigration(context, { subject, total: 1_000, temporal });
    expect(document.phase).toBe('completed');
    // Two seconds apart: polls 0, 5 and 10 are shown; the end comes two seconds after the last of these.
    expect(context.err.text().match(/\d+ blobs at/g)).toEqual(['0 blobs at', '5 blobs at', '10 blobs at']);
    expect(context.out.text()).toBe('');
  });

  it('goes on when the server is silent for a while, and says so once', async () => {
    const context = fakeContext();
    const temporal = fakeTemporal([runningRoot, silence, silence, silence, completedRoot]);
    await expect(followMigration(context, { subject, total: 1_000, temporal })).resolves.toMatchObject({
      phase: 'completed',
    });
    expect(context.err.text().match(/refused; retrying for 10 min 00 s/g)).toHaveLength(1);
    expect(context.err.text()).toContain('Temporal at 127.0.0.1:7233 is answering again.');
  });

  it('gives up after ten minutes of silence', async () => {
    const context = fakeContext();
    const beganAtMs = context.now();
    const temporal = fakeTemporal([runningRoot, silence]);
    await expect(followMigration(context, { subject, total: 1_000, temporal })).rejects.toBe(silence);
    expect(context.now() - beganAtMs).toBe(602_000);
  });

  it('ends at once on Ctrl-C', async () => {
    const context = fakeContext({
      sleep: async () => {
        context.controller.abort(new Interrupted());
      },
    });
    const temporal = fakeTemporal([runningRoot]);
    await expect(followMigration(context, { subject, total: 1_000, temporal })).rejects.toBeInstanceOf(Interrupted);
  });

  it.each([
    [false, 1],
    [true, 0],
  ])('when workers poll is %s, warns %d times that nobody does', async (isPolled, warnings) => {
    const context = fakeContext();
    const waiting = { ...runningRoot, memo: null, progress: null };
    const temporal = fakeTemporal([...Array<typeof waiting>(8).fill(waiting), completedRoot], {
      isPolled: async () => isPolled,
    });
    await followMigration(context, { subject, total: 1_000, temporal });
    const found = context.err.text().match(/no worker polls task queue longhaul: start longhaul-worker/g) ?? [];
    expect(found).toHaveLength(warnings);
  });
});
