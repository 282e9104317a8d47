import { describe, expect, test } from 'vitest';
import type { OpenMigration } from '../../src/activities/activity-dependencies.js';
import { createFinish } from '../../src/activities/finish.js';
import type { MigrationRuns, RootRun } from '../../src/activities/migration-runs.js';
import { controlKeys } from '../../src/control/control-keys.js';
import { ownerJson } from '../../src/control/owner.js';
import { summaryJson } from '../../src/control/summary.js';
import { Failure } from '../../src/domain/failure.js';
import type { MigrationRecord } from '../../src/domain/stored/migration-record.js';
import type { Tally } from '../../src/domain/figures/tally.js';
import { layoutOf } from '../support/fakes/fake-migration.js';
import { MemoryControlStore } from '../support/fakes/memory-control-store.js';
import { mockActivity } from '../support/fakes/mock-activity.js';
import { useScaledTime } from '../support/fakes/scaled-time.js';
import { tallyOf } from '../support/fakes/tally-of.js';

useScaledTime(200);

const base = '.longhaul/orders';
const layout = layoutOf(1, 2);

function bench(epoch = 3, record: Partial<MigrationRecord> = {}) {
  const store = new MemoryControlStore();
  const owner = ownerJson.bytes({ format: 1, epoch, cluster: 'c', namespace: 'default', rootRunId: 'run' });
  store.objects.set(controlKeys.owner(base), Buffer.from(owner));
  const open = { resources: { control: store, base, record: { layout, ...record } } } as unknown as OpenMigration;
  const ended: RootRun[] = [];
  const runs = { endObserve: async (root: RootRun) => void ended.push(root) } as MigrationRuns;
  const finish = createFinish({ openMigration: async () => open, runs, redact: (text) => text });
  const run = (tally: Tally) =>
    mockActivity().run(finish, {
      control: { name: 'orders', bucket: 'b', prefix: '.longhaul', s3: {} },
      ...{ round: 0, epoch: 3, tally, startedAt: '2026-01-01T00:00:00.000Z' },
    });
  const summary = () => {
    const bytes = store.objects.get(controlKeys.summary(base, 0));
    return bytes && summaryJson.parse(bytes, 'summary.json');
  };
  return { store, run, runs, ended, summary };
}

describe('finish', () => {
  test('closes the round with its tally', async () => {
    const { run, summary } = bench();
    expect(await run(tallyOf(20))).toEqual({ phase: 'completed' });
    expect(summary()).toMatchObject({ name: 'orders', round: 0, total: 20, tally: tallyOf(20), phase: 'completed' });
  });

  test('ends `observe`, which would be pending on a closed root, but closes the round without that', async () => {
    const { run, runs, ended, summary } = bench();
    await run(tallyOf(20));
    expect(ended).toHaveLength(1);
    runs.endObserve = () => Promise.reject(new Error('Temporal is away'));
    expect(await run(tallyOf(20))).toEqual({ phase: 'completed' });
    expect(summary()).toMatchObject({ phase: 'completed' });
  });

  test('reports the figures of all rounds together after a later round', async () => {
    const before = { total: 30, done: 25, found: 0, empty: 1, failed: 4 };
    const { run, summary } = bench(3, { before });
    const earlier = { done: 16, found: 0, empty: 0, failed: 4 };
    await run({ ...tallyOf(20), earlier });
    expect(summary()?.overall).toEqual({ total: 30, done: 29, found: 0, empty: 1, failed: 0 });
  });

  test('keeps what earlier runs had done beside the tally, which is the same for every run', async () => {
    const beforeRun = { units: 5, blobs: 50, sourceBytes: 5_000 };
    const { run, summary } = bench();
    await run({ ...tallyOf(20), beforeRun });
    expect(summary()).toMatchObject({ tally: tallyOf(20), beforeRun });
    expect(summary()?.tally).not.toHaveProperty('beforeRun');
    expect(await run({ ...tallyOf(20), beforeRun: { ...beforeRun, units: 20 } })).toEqual({ phase: 'completed' });
  });

  test('counts failed and empty units as accounted for', async () => {
    const { run, summary } = bench();
    const tally = { ...tallyOf(15), units: { done: 15, found: 4, empty: 3, failed: 2 } };
    expect(await run(tally)).toEqual({ phase: 'completed-with-failures' });
    expect(summary()?.phase).toBe('completed-with-failures');
  });

  test('refuses a tally that misses units', async () => {
    const { run, summary } = bench();
    await expect(run(tallyOf(19))).rejects.toMatchObject({ type: 'InternalPlanError', nonRetryable: true });
    expect(summary()).toBeUndefined();
  });

  test('can be repeated, and leaves a closed round unchanged', async () => {
    const { store, run } = bench();
    await run(tallyOf(20));
    const before = store.objects.get(controlKeys.summary(base, 0))?.toString();
    expect(await run(tallyOf(20))).toEqual({ phase: 'completed' });
    expect(store.objects.get(controlKeys.summary(base, 0))?.toString()).toBe(before);
  });

  test('refuses to close a round a second time with different figures', async () => {
    const { run } = bench();
    await run(tallyOf(20));
    await expect(run({ ...tallyOf(20), blobs: { done: 1 } })).rejects.toMatchObject({ type: 'InternalPlanError' });
  });

  test('settles a lost reply by reading back, and a lost request by trying again', async () => {
    const replied = bench();
    replied.store.requests.hook = ({ kind }) => (kind === 'write' ? { fault: 'lose-reply' } : undefined);
    expect(await replied.run(tallyOf(20))).toEqual({ phase: 'completed' });
    expect(replied.summary()?.total).toBe(20);
    const requested = bench();
    requested.store.requests.hook = ({ kind }) => (kind === 'write' ? { fault: 'lose-request' } : undefined);
    await expect(requested.run(tallyOf(20))).rejects.toMatchObject({ nonRetryable: false });
  });

  test('ends as superseded when another root run has taken over', async () => {
    const { run, summary } = bench(4);
    await expect(run(tallyOf(20))).rejects.toMatchObject({ type: 'Superseded', nonRetryable: true });
    expect(summary()).toBeUndefined();
  });

  test('waits for a store that does not answer', async () => {
    const { store, run } = bench();
    const failure = new Failure('TargetNetwork', 'no answer');
    store.requests.hook = () => ({ fault: 'fail', failure });
    await expect(run(tallyOf(20))).rejects.toMatchObject({ type: 'TargetNetwork', nonRetryable: false });
  });
});
