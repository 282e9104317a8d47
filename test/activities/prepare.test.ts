import { gzipSync } from 'node:zlib';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { OpenMigration } from '../../src/activities/activity-dependencies.js';
import type { MigrationRuns, RootRun } from '../../src/activities/migration-runs.js';
import type { PrepareInput, PrepareResult } from '../../src/activities/activity-messages.js';
import { createPrepare } from '../../src/activities/prepare/prepare.js';
import { controlKeys } from '../../src/control/control-keys.js';
import { ownerJson } from '../../src/control/owner.js';
import { Failure } from '../../src/domain/failure.js';
import type { ObservedProgress } from '../../src/domain/figures/progress.js';
import type { WriteOutcome } from '../../src/pipeline/publish/object-target.js';
import { layoutOf } from '../support/fakes/fake-migration.js';
import { MemoryControlStore } from '../support/fakes/memory-control-store.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const address = { name: 'orders', bucket: 'control', prefix: '.longhaul', s3: {} };
const base = '.longhaul/orders';
const layout = layoutOf(1, 2, 2);

/** A migration of two accounts of which the first slice names one, with its control objects in memory. */
function bench(
  options: {
    bucket?: string;
    conditionalWrites?: 'require' | 'degraded';
    ignoresConditions?: boolean;
    /** Whether Complete ignores its condition, and what it answers then. */
    completeAnswers?: WriteOutcome;
    isPlan?: boolean;
    /** Makes it a verification; its target answers a listing, or fails with this. */
    verifies?: { readonly listing: Failure | undefined };
  } = {},
) {
  const store = new MemoryControlStore();
  const units = [0, 1].map((index) => ({ index, id: `u${index}`, key: `out/u${index}.gz`, fields: {} }));
  const staged = controlKeys.stagedSlice(base, 0, 'units', { partition: 0, slice: 0 });
  store.objects.set(staged, gzipSync(units.map((unit) => `${JSON.stringify(unit)}\n`).join('')));
  const probed: string[] = [];
  const puts: string[] = [];
  const listed: string[] = [];
  const uploads = new Set<string>();
  const completed: string[] = [];
  const uploadCalls = {
    createUpload: async (key: string) => {
      uploads.add(key);
      return { uploadId: key };
    },
    uploadPart: async ({ number }: { number: number }) => ({ number, etag: '"p"', bytes: 1, crc32: 'AAAAAA==' }),
    completeUpload: async ({ key }: { key: string }): Promise<WriteOutcome> => {
      completed.push(key);
      if (options.completeAnswers === undefined) return { state: 'refused' };
      store.objects.set(key, Buffer.from('x'));
      return options.completeAnswers;
    },
    abortUpload: async (key: string) => void uploads.delete(key),
  };
  const open = {
    resources: {
      record: {
        layout,
        round: 0,
        unitsDigest: 'units',
        ...(options.isPlan === true && { plan: { of: 2, seed: 1 } }),
        ...(options.verifies !== undefined && { verify: {} }),
        definition: {
          limits: { failedUnits: { kind: 'count', count: 7 } },
          accounts: { east: {}, west: {} },
          target: {
            bucket: options.bucket ?? 'control',
            conditionalWrites: options.conditionalWrites ?? 'require',
            control: { bucket: 'control', prefix: '.longhaul' },
          },
        },
      },
      base,
      control: store,
      find: { lookups: () => [{ account: 'east', container: 'logs-2026-01' }] },
      target: {
        put: async ({ key }: { key: string }): Promise<WriteOutcome> => {
          puts.push(key);
          return options.ignoresConditions === true ? { state: 'stored', etag: '"1"' } : { state: 'refused' };
        },
        ...uploadCalls,
        listPage: async (prefix: string) => {
          listed.push(prefix);
          if (options.verifies?.listing !== undefined) throw options.verifies.listing;
          return { objects: [] };
        },
      },
    },
    credentialEnds: async () => [],
    withControlTarget: async (use: (target: unknown) => Promise<unknown>) => use(uploadCalls),
    probeAccount: async (account: string, container: string | undefined) => {
      probed.push(`${account}/${container ?? '-'}`);
      if (failing.failure !== undefined) throw failing.failure;
    },
  } as unknown as OpenMigration;
  const failing: { failure?: Failure } = {};
  const closed = new Set<string>();
  const told: { readonly root: RootRun; readonly progress: ObservedProgress }[] = [];
  const prepare = createPrepare({
    openMigration: async () => open,
    cluster: { cluster: 'c1', namespace: 'default' },
    runs: {
      isOpen: async ({ runId }) => !closed.has(runId ?? ''),
      signalProgress: async (root, progress) => void told.push({ root, progress }),
    } as Partial<MigrationRuns> as MigrationRuns,
    redact: (text) => text.replaceAll('hunter2', '***'),
  });
  const run = (runId: string, attempt = 1, begun = false) => {
    const env = mockActivity({ attempt, workflowExecution: { workflowId: 'migration/orders', runId } });
    return env.run<[PrepareInput], PrepareResult, typeof prepare>(prepare, { control: address, round: 0, begun });
  };
  const owner = () => {
    const bytes = store.objects.get(controlKeys.owner(base));
    return bytes && ownerJson.parse(bytes, 'owner.json');
  };
  return { store, run, owner, probed, puts, listed, failing, uploads, completed, closed, told };
}

describe('preparing a plan', () => {
  test('asks only the control bucket and the accounts, not the target, and lets any unit fail', async () => {
    const { run, probed, puts, completed } = bench({ isPlan: true, bucket: 'target' });
    expect(await run('run-a')).toEqual({ epoch: 1, layout });
    expect({ puts, completed }).toEqual({ puts: [], completed: [] });
    expect(probed.sort()).toEqual(['east/logs-2026-01', 'west/-']);
    await expect(bench({ isPlan: true, ignoresConditions: true }).run('run-a')).resolves.toMatchObject({ epoch: 1 });
  });
});

describe('preparing a verification', () => {
  test('asks the control bucket and for a listing of the target, and no account; any object may differ', async () => {
    const { run, probed, puts, completed, listed } = bench({ verifies: { listing: undefined }, bucket: 'target' });
    expect(await run('run-a')).toEqual({ epoch: 1, layout });
    expect({ puts, completed, probed, listed }).toEqual({ puts: [], completed: [], probed: [], listed: ['out/u0.gz'] });
  });

  test('is refused where the target cannot be listed: no HEAD could tell a missing object from it', async () => {
    const listing = new Failure('TargetMissing', 'there is no bucket target', { what: 'target target' });
    const { run, owner } = bench({ verifies: { listing }, bucket: 'target' });
    await expect(run('run-a')).rejects.toMatchObject({ type: 'TargetMissing' });
    expect(owner()).toBeUndefined();
  });
});

describe('the epoch of a migration', () => {
  test('begins with 1, rises with each root run, and stays the same within one', async () => {
    const { run, owner } = bench();
    expect(await run('run-a')).toEqual({ epoch: 1, layout, failedUnits: { kind: 'count', count: 7 } });
    expect(owner()).toEqual({ format: 1, epoch: 1, cluster: 'c1', namespace: 'default', rootRunId: 'run-a' });
    expect(await run('run-a')).toMatchObject({ epoch: 1 });
    expect(await run('run-b')).toMatchObject({ epoch: 2 });
    expect(await run('run-b')).toMatchObject({ epoch: 2 });
    expect(owner()).toMatchObject({ epoch: 2, rootRunId: 'run-b' });
  });

  test.each(['lose-reply', 'lose-request'] as const)('is right after a lost write: %s', async (fault) => {
    const { store, run, owner } = bench();
    await run('run-a');
    let lost = false;
    store.requests.hook = ({ kind, name }) => {
      if (lost || kind !== 'write' || name !== controlKeys.owner(base)) return undefined;
      lost = true;
      return { fault };
    };
    expect(await run('run-b')).toMatchObject({ epoch: 2 });
    expect(lost).toBe(true);
    expect(owner()).toMatchObject({ epoch: 2, rootRunId: 'run-b' });
  });

  test('goes to only one of two root runs that take over at the same time', async () => {
    const { store, run, owner } = bench();
    await run('run-a');
    // Both read before either writes.
    let reads = 0;
    let bothHaveRead = (): void => {};
    const gate = new Promise<void>((resolve) => (bothHaveRead = resolve));
    store.requests.hook = async ({ kind, name }) => {
      if (kind === 'read' && name === controlKeys.owner(base)) {
        reads += 1;
        if (reads === 2) bothHaveRead();
      }
      if (kind === 'write' && name === controlKeys.owner(base)) await gate;
      return undefined;
    };
    const epochs = await Promise.all([run('run-b'), run('run-c')]);
    expect(epochs.map(({ epoch }) => epoch).sort()).toEqual([2, 3]);
    expect(owner()?.epoch).toBe(3);
  });

  test('is not taken by an attempt that a closed root run left running', async () => {
    const { run, owner, closed } = bench();
    await run('run-a');
    closed.add('run-a');
    await run('run-b');
    await expect(run('run-a')).rejects.toMatchObject({ type: 'Superseded', nonRetryable: true });
    expect(owner()).toMatchObject({ epoch: 2, rootRunId: 'run-b' });
  });

  test('is not taken by a root run that closes while it looks', async () => {
    const { store, run, owner, closed } = bench();
    await run('run-a');
    // The old run has read the owner and found itself open; then it closes, and the next takes over before the old one
    // writes.
    let later: Promise<unknown> | undefined;
    store.requests.hook = async ({ kind, name }) => {
      if (later === undefined && kind === 'write' && name === controlKeys.owner(base)) {
        closed.add('run-b');
        later = run('run-c');
        await later;
      }
      return undefined;
    };
    await expect(run('run-b')).rejects.toMatchObject({ type: 'Superseded' });
    expect(owner()).toMatchObject({ epoch: 2, rootRunId: 'run-c' });
  });

  test('is not taken from an owner written by a newer Longhaul', async () => {
    const { store, run } = bench();
    store.objects.set(controlKeys.owner(base), Buffer.from('{"format":99,"epoch":4}'));
    await expect(run('run-a')).rejects.toMatchObject({ type: 'FormatTooNew', nonRetryable: false });
    expect(store.objects.get(controlKeys.owner(base))?.toString()).toBe('{"format":99,"epoch":4}');
  });
});

describe('prepare', () => {
  test('asks each account once, in a container that the first slice names', async () => {
    const { run, probed } = bench();
    await run('run-a');
    expect(probed.sort()).toEqual(['east/logs-2026-01', 'west/-']);
  });

  test('leaves no object behind except the owner record', async () => {
    const { store, run } = bench();
    const before = [...store.objects.keys()];
    await run('run-a');
    expect([...store.objects.keys()]).toEqual([...before, controlKeys.owner(base)]);
  });

  test('probes a separate target bucket with a write that must be refused', async () => {
    const { run, puts } = bench({ bucket: 'archive' });
    await run('run-a');
    expect(puts).toHaveLength(1);
    expect(puts[0]).toMatch(/^out\/u0\.gz\.longhaul-probe-/);
  });

  test('refuses a target that ignores conditions, and takes nothing over', async () => {
    const { run, owner } = bench({ bucket: 'archive', ignoresConditions: true });
    await expect(run('run-a')).rejects.toMatchObject({ type: 'TargetCapability', nonRetryable: true });
    expect(owner()).toBeUndefined();
  });

  test.each<[string, WriteOutcome]>([
    ['says so', { state: 'stored', etag: '"1"' }],
    ['says that the upload is gone', { state: 'gone' }],
    ['says that it refused', { state: 'refused' }],
  ])(
    'refuses a store that completes an upload over an object and %s, and takes nothing over',
    async (_title, answer) => {
      const { run, owner, store, uploads } = bench({ completeAnswers: answer });
      const before = [...store.objects.keys()];
      await expect(run('run-a')).rejects.toMatchObject({
        type: 'TargetCapability',
        nonRetryable: true,
        message: expect.stringContaining('If-None-Match') as string,
      });
      expect(owner()).toBeUndefined();
      expect([...store.objects.keys()]).toEqual(before);
      expect(uploads.size).toBe(0);
    },
  );

  test('probes the completion of an upload in a separate target bucket too', async () => {
    const { run, uploads, completed } = bench({ bucket: 'archive' });
    await run('run-a');
    expect(completed).toEqual([
      expect.stringMatching(/^\.longhaul\/orders\/probe-/),
      expect.stringMatching(/^out\/u0\.gz\.longhaul-probe-/),
    ]);
    expect(uploads.size).toBe(0);
  });

  test('believes a migration file that says that conditions do not work', async () => {
    const { run, puts, store } = bench({ bucket: 'archive', ignoresConditions: true, conditionalWrites: 'degraded' });
    await expect(run('run-a')).resolves.toMatchObject({ epoch: 1 });
    expect(puts).toEqual([]);
    expect(store.requests.log.some(({ name }) => name.includes('/probe-'))).toBe(false);
  });

  test('ends at once when a credential is refused, and takes nothing over', async () => {
    const { run, failing, owner } = bench();
    failing.failure = new Failure('SourceAuth', 'account east: the credential is refused');
    const error: unknown = await run('run-a').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'SourceAuth', nonRetryable: true });
    expect(owner()).toBeUndefined();
  });

  test('reports the problems of all accounts at once', async () => {
    const { run, failing, owner } = bench();
    failing.failure = new Failure('SourceAuth', 'the credential is refused');
    await expect(run('run-a')).rejects.toMatchObject({
      type: 'SourceAuth',
      nonRetryable: true,
      message: expect.stringMatching(
        /^2 of 2 accounts cannot be used:\neast: the credential is refused\nwest: the credential is refused\. Next: /,
      ) as string,
    });
    expect(owner()).toBeUndefined();
  });

  test('once a migration has begun, leaves a refused account to its units', async () => {
    const { run, failing, owner } = bench();
    await run('run-a');
    failing.failure = new Failure('SourceAuth', 'account east: the credential is refused');
    expect(await run('run-b')).toMatchObject({ epoch: 2 });
    expect(owner()).toMatchObject({ rootRunId: 'run-b' });
  });

  test('tries an account that cannot be reached five times', async () => {
    const { run, failing } = bench();
    failing.failure = new Failure('SourceNetwork', 'account east: connection refused');
    await expect(run('run-a', 4)).rejects.toMatchObject({ type: 'SourceNetwork', nonRetryable: false });
    await expect(run('run-a', 5)).rejects.toMatchObject({ type: 'SourceNetwork', nonRetryable: true });
  });

  test('waits for an account, and for a reply that stays lost, once the migration has begun', async () => {
    const { run, failing } = bench();
    for (const failureClass of ['SourceNetwork', 'TargetUnknownOutcome'] as const) {
      failing.failure = new Failure(failureClass, 'no reply');
      await expect(run('run-a', 500, true)).rejects.toMatchObject({ type: failureClass, nonRetryable: false });
      await expect(run('run-a', 500)).rejects.toMatchObject({ type: failureClass, nonRetryable: true });
    }
  });

  test('tells the root what it waits for, but not what ends the migration', async () => {
    const { run, failing, told } = bench();
    failing.failure = new Failure('SourceNetwork', 'refused for hunter2', { what: 'account east' });
    await expect(run('run-a', 4)).rejects.toMatchObject({ nonRetryable: false });
    const message = '2 of 2 accounts cannot be used:\neast: refused for ***\nwest: refused for ***';
    const waits = { what: 'account east', class: 'SourceNetwork', message, units: 0 };
    expect(told).toMatchObject([{ root: { runId: 'run-a' }, progress: { round: 0, waiting: [waits] } }]);
    await expect(run('run-a', 5)).rejects.toMatchObject({ nonRetryable: true });
    failing.failure = new Failure('SourceAuth', 'the credential is refused');
    await expect(run('run-a')).rejects.toMatchObject({ nonRetryable: true });
    expect(told).toHaveLength(1);
  });
});
