import { describe, expect, it } from 'vitest';
import { CommandError, Interrupted } from '../../../../src/commands/ending/command-error.js';
import { followMigration } from '../../../../src/commands/status/follow-migration.js';
import { fakeContext } from '../fake-context.js';
import type { RootDescription } from '../../../../src/commands/ports/temporal-port.js';
import type { StatusDocument } from '../../../../src/commands/status/status-document.js';
import { completedRoot, fakeTemporal, progress, runningRoot, subject } from '../sample-documents.js';

const silence = new CommandError(6, 'Asking at Temporal 127.0.0.1:7233 failed: refused', { next: 'look at it' });

describe('following a migration', () => {
  it('writes a line at most every ten seconds without a terminal, and returns the last document', async () => {
    const context = fakeContext();
    const grown = Array.from({ length: 11 }, (_, done) => ({
      ...runningRoot,
      memo: null,
      progress: { ...runningRoot.progress!, tally: { ...runningRoot.progress!.tally, blobs: { done } } },
    }));
    const temporal = fakeTemporal([...grown, completedRoot]);
    const document = await followMigration(context, { subject, total: 1_000, temporal });
    expect(document.phase).toBe('completed');
    // Polls are two seconds apart: 0, 5 and 10 are shown, and the end at once.
    expect(context.err.text().match(/\b[\d,]+ blobs/g)).toEqual(['0 blobs', '5 blobs', '10 blobs', '10,000 blobs']);
    expect(context.out.text()).toBe('');
  });

  it('continues when the server is silent for a while, and says so once', async () => {
    const context = fakeContext();
    const temporal = fakeTemporal([runningRoot, silence, silence, silence, completedRoot]);
    await expect(followMigration(context, { subject, total: 1_000, temporal })).resolves.toMatchObject({
      phase: 'completed',
    });
    expect(context.err.text().match(/refused; retrying for 10 min 00 s\n {2}next: look at it\n/g)).toHaveLength(1);
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
    ['shows within 30 s that there is no worker, and since when', false],
    ['says nothing of workers while one answers', true],
  ])('%s', async (_promise, areThere) => {
    const context = fakeContext();
    const stale = { ...runningRoot, progress: { ...progress, at: new Date(context.now()).toISOString() } };
    const temporal = fakeTemporal([...Array<RootDescription>(16).fill(stale), completedRoot], {
      isAnswered: async () => areThere,
    });
    const phases: [number, string][] = [];
    const beganAtMs = context.now();
    const seen = ({ phase }: StatusDocument): void => {
      if (phases.at(-1)?.[1] !== phase) phases.push([(context.now() - beganAtMs) / 1_000, phase]);
    };
    await followMigration(context, { subject, total: 1_000, temporal, seen });
    const blocked = 'blocked: workers (NoWorkers): no worker answers on task queue longhaul, 597 units wait for ';
    expect(phases.map(([, phase]) => phase)).toEqual(['running', ...(areThere ? [] : ['blocked']), 'completed']);
    expect(phases.every(([seconds, phase]) => phase !== 'blocked' || seconds <= 14)).toBe(true);
    expect(context.err.text().includes(`${blocked}12 s`)).toBe(!areThere);
  });

  it('asks for workers no more than every ten seconds', async () => {
    const context = fakeContext();
    const silent = { ...runningRoot, progress: null };
    let asked = 0;
    const temporal = fakeTemporal([...Array<RootDescription>(30).fill(silent), completedRoot], {
      isAnswered: async () => {
        asked += 1;
        return false;
      },
    });
    await followMigration(context, { subject, total: 1_000, temporal });
    // The root is a minute old at first; sixty seconds follow.
    expect(asked).toBe(6);
  });
});
