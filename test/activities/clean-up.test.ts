import { describe, expect, test } from 'vitest';
import type { OpenMigration } from '../../src/activities/activity-dependencies.js';
import { createCleanUp } from '../../src/activities/clean-up.js';
import type { MigrationRuns, RootRun } from '../../src/activities/migration-runs.js';
import { controlKeys } from '../../src/control/control-keys.js';
import { MemoryControlStore } from '../support/fakes/memory-control-store.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const base = '.longhaul/orders';

function bench(epoch = 3) {
  const control = new MemoryControlStore();
  const put = (key: string, value: unknown) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  put(controlKeys.owner(base), { format: 1, epoch, cluster: 'c', namespace: 'default', rootRunId: 'run' });
  const aborted: string[] = [];
  const target = { abortUpload: async (key: string, id: string) => void aborted.push(`${key} ${id}`) };
  const open = { resources: { control, base, target } } as unknown as OpenMigration;
  const ended: RootRun[] = [];
  const runs = { endObserve: async (root: RootRun) => void ended.push(root) } as MigrationRuns;
  const cleanUp = createCleanUp({ openMigration: async () => open, runs, redact: (text) => text });
  const run = (isFinal: boolean) =>
    mockActivity().run(cleanUp, {
      control: { name: 'orders', bucket: 'b', prefix: '.longhaul', s3: {} },
      ...{ round: 0, epoch: 3, isFinal },
    });
  const left = () => [...control.objects.keys()].filter((key) => key.includes('/uploads/'));
  return { put, aborted, ended, run, left };
}

const key = (index: number, round = 0) => controlKeys.upload(base, round, index);

describe('cleanUp', () => {
  test('ends `observe` after a cancel, which nothing follows, and leaves it to `finish` otherwise', async () => {
    const { run, ended } = bench();
    await run(true);
    expect(ended).toHaveLength(0);
    await run(false);
    expect(ended).toHaveLength(1);
  });

  test('aborts every upload that the checkpoints of its round name, and deletes them', async () => {
    const { put, aborted, run, left } = bench();
    put(key(4), { format: 1, key: 'a.gz', uploadId: 'u2', earlier: ['u1'], parts: [] });
    put(key(5), { format: 9, key: 'b.gz', uploadId: 'u3', completing: {} });
    put(key(4, 1), { format: 1, key: 'a.gz', uploadId: 'later' });
    expect(await run(true)).toEqual({ uploadsAborted: 3, checkpointsKept: 0 });
    expect(aborted.sort()).toEqual(['a.gz u1', 'a.gz u2', 'b.gz u3']);
    expect(left()).toEqual([key(4, 1)]);
    expect(await run(true)).toEqual({ uploadsAborted: 0, checkpointsKept: 0 });
  });

  test('after a cancel, keeps the checkpoint of an object that may be complete', async () => {
    const { put, run, left } = bench();
    put(key(4), { key: 'a.gz', uploadId: 'u2', earlier: [] });
    put(key(5), { key: 'b.gz', uploadId: 'u3', completing: {} });
    expect(await run(false)).toEqual({ uploadsAborted: 2, checkpointsKept: 1 });
    expect(left()).toEqual([key(5)]);
  });

  test('touches nothing when its root run was superseded', async () => {
    const { put, aborted, run } = bench(4);
    put(key(4), { key: 'a.gz', uploadId: 'u2' });
    await expect(run(false)).rejects.toMatchObject({ type: 'Superseded' });
    expect(aborted).toEqual([]);
  });

  test('refuses an object that is not a checkpoint', async () => {
    const { put, run } = bench();
    put(key(4), { uploadId: 'u2' });
    await expect(run(false)).rejects.toMatchObject({ type: 'LedgerMismatch' });
  });
});
