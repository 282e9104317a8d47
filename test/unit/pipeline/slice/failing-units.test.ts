import { describe, expect, it, vi } from 'vitest';
import { Failure, type FailureContext } from '../../../../src/domain/failure.js';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import type { SliceBeat } from '../../../../src/domain/figures/slice-report.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import type { SliceJob } from '../../../../src/pipeline/slice/slice-job.js';
import { MemoryMigration, prefixLookup, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(500);

const accountOf = (unit: number): string => (unit % 2 === 0 ? 'east' : 'west');

/** Units of one blob each, the even ones in account `east`, the odd ones in `west`; patience is real time. */
function sliceOf(units: number, { unitPatienceMs = 60_000 }: { readonly unitPatienceMs?: number } = {}) {
  const definition = smallDefinition();
  const migration = new MemoryMigration({
    units,
    definition: { ...definition, limits: { ...definition.limits, unitPatienceMs } },
    lookups: (unit) => [prefixLookup({ prefix: `${unit.id}/`, account: accountOf(unit.index) })],
  });
  for (let unit = 0; unit < units; unit += 1)
    migration.addBlob(unit, 'a', `text of unit ${String(unit)}\n`, { account: accountOf(unit) });
  const beats: SliceBeat[] = [];
  const process = createProcessResources({ unitsInFlight: 4 });
  const run = (changes: Partial<SliceJob> = {}) =>
    moveSlice({
      task: migration.task,
      resources: migration.resources,
      process,
      beat: (beat) => beats.push(beat),
      signal: new AbortController().signal,
      buildInfo: 'longhaul test',
      ...changes,
    });
  return { migration, beats, run };
}

/** Fails every read of these units. */
function failReads(
  { source }: MemoryMigration,
  units: readonly number[],
  failureClass: FailureClass,
  context: FailureContext = {},
): void {
  source.requests.hook = ({ kind, name }) =>
    kind === 'open' && units.some((unit) => name.includes(`/unit-${String(unit)}/`))
      ? { failure: new Failure(failureClass, `read ${name}: no`, context) }
      : undefined;
}

function failPuts({ target }: MemoryMigration, failureClass: FailureClass, keys = /./, what = 'target archive'): void {
  target.requests.hook = ({ kind, name }) =>
    kind === 'put' && keys.test(name)
      ? { fault: 'fail', failure: new Failure(failureClass, `put ${name}: no`, { what }) }
      : undefined;
}

describe('a definite refusal of one blob', () => {
  it('fails its unit after one confirmation, and all others are done', async () => {
    const { migration, run } = sliceOf(104);
    const refused = Array.from({ length: 13 }, (_, index) => index * 8);
    failReads(migration, refused, 'SourceRefused');
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 91, failed: 13 } } });
    const failed = migration.receipts.filter(({ state }) => state === 'failed');
    expect(failed.map(({ index, class: failureClass }) => [index, failureClass])).toEqual(
      refused.map((index) => [index, 'SourceRefused']),
    );
    const reads = migration.source.requests.log.filter(({ kind, name }) => kind === 'open' && name.includes('unit-8/'));
    expect(reads).toHaveLength(2);
  });
});

describe('a target that refuses', () => {
  it.each(['TargetAuth', 'TargetForbidden', 'TargetMissing', 'TargetFull'] as const)(
    'by %s ends the attempt before more than what is in flight is downloaded',
    async (failureClass) => {
      const { migration, run } = sliceOf(200);
      failPuts(migration, failureClass);
      const blocked = { state: 'blocked', class: failureClass, what: 'target archive', deferred: 200 };
      expect(await run()).toMatchObject(blocked);
      expect(migration.source.requests.count('open')).toBeLessThanOrEqual(4);
      expect(migration.receipts).toEqual([]);
      expect(migration.ledger?.claim).toMatchObject({ ended: true });
    },
  );

  it('one object and accepts others fails that unit alone', async () => {
    const { migration, run } = sliceOf(10);
    failPuts(migration, 'TargetRefused', /unit-0/);
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 9, failed: 1 } } });
    expect(migration.receipts[0]).toMatchObject({ state: 'failed', class: 'TargetRefused' });
  });

  it('several objects and accepts none is blocked, and no unit fails', async () => {
    const { migration, run } = sliceOf(40);
    failPuts(migration, 'TargetRefused');
    expect(await run()).toMatchObject({
      state: 'blocked',
      class: 'TargetRefused',
      what: 'target archive',
      deferred: 40,
    });
    expect(migration.receipts).toEqual([]);
    expect(migration.source.requests.count('open')).toBeLessThan(20);
  });

  it('both objects of a slice is blocked, the only one of a slice fails that unit', async () => {
    for (const [units, state] of [
      [2, 'blocked'],
      [1, 'complete'],
    ] as const) {
      const { migration, run } = sliceOf(units);
      failPuts(migration, 'TargetRefused');
      expect(await run()).toMatchObject({ state });
    }
  });
});

describe('a refused account', () => {
  it.each(['ConfigError/Endpoint', 'ConfigError/Credential'] as const)(
    'or bucket by %s is blocked, even if only for this worker, and no unit fails',
    async (failureClass) => {
      const { migration, run } = sliceOf(20);
      failReads(migration, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18], failureClass, { what: 'account east' });
      expect(await run()).toMatchObject({ state: 'blocked', what: 'account east', deferred: 10 });
      failPuts(migration, failureClass);
      migration.source.requests.hook = undefined;
      const before = migration.source.requests.count('open');
      expect(await run()).toMatchObject({ state: 'blocked', what: 'target archive', deferred: 10 });
      expect(migration.source.requests.count('open') - before).toBeLessThanOrEqual(4);
      migration.target.requests.hook = undefined;
      expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 20, failed: 0 } } });
    },
  );

  it('is asked by the units in flight, and by no other', async () => {
    const { migration, run } = sliceOf(100);
    migration.source.requests.hook = ({ name }) =>
      name.startsWith('west/') ? { failure: new Failure('SourceAuth', '403', { what: 'account west' }) } : undefined;
    expect(await run()).toMatchObject({ state: 'blocked', what: 'account west', deferred: 50 });
    const asked = migration.source.requests.log.filter(({ name }) => name.startsWith('west/'));
    expect(asked.length).toBeLessThanOrEqual(4);
  });
});

describe('a canary', () => {
  it.each([
    ['account', 'SourceForbidden', 'account east'],
    ['target', 'TargetForbidden', 'target archive'],
  ] as const)('that finds the %s refused comes back after one unit', async (_, failureClass, what) => {
    const { migration, run } = sliceOf(20);
    if (failureClass === 'SourceForbidden') failReads(migration, [0], failureClass, { what });
    else failPuts(migration, failureClass);
    const task = { ...migration.task, canary: true };
    expect(await run({ task })).toMatchObject({ state: 'blocked', class: failureClass, what, deferred: 20 });
    expect(migration.source.requests.count('open')).toBe(1);
  });

  it('that gets through is followed by the others, as many at once as usual', async () => {
    const { migration, beats, run } = sliceOf(40);
    const task = { ...migration.task, canary: true };
    let most = 0;
    migration.source.requests.hook = async ({ kind, count }) => {
      if (kind === 'open' && count === 0) expect(migration.source.requests.count('list')).toBe(1);
      await new Promise(setImmediate);
      return undefined;
    };
    const open = migration.source.open.bind(migration.source);
    let reading = 0;
    migration.source.open = async function* (...request) {
      reading += 1;
      most = Math.max(most, reading);
      yield* open(...request);
      reading -= 1;
    };
    expect(await run({ task })).toMatchObject({ state: 'complete', tally: { units: { done: 40 } } });
    expect(most).toBe(4);
    expect(beats.at(-1)?.done).toBe(40);
  });
});

describe('a unit that fails again and again', () => {
  it('fails for good with its last class once its patience is over, while others of the account are done', async () => {
    const { migration, run } = sliceOf(12, { unitPatienceMs: 0 });
    failReads(migration, [4], 'SourceNetwork', { what: 'account east' });
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 11, failed: 1 } } });
    expect(migration.receipts[4]).toMatchObject({
      state: 'failed',
      class: 'SourceNetwork',
      message: expect.any(String),
    });
  });

  it('never fails while nobody else of its account gets through', async () => {
    const { migration, run } = sliceOf(12, { unitPatienceMs: 0 });
    const east = [0, 2, 4, 6, 8, 10];
    failReads(migration, east, 'SourceNetwork', { what: 'account east' });
    const result = await run();
    expect(result).toMatchObject({ state: 'waiting', tally: { units: { done: 6, failed: 0 } } });
    expect(await run()).toMatchObject({ state: 'waiting', tally: { units: { failed: 0 } } });
    migration.source.requests.hook = undefined;
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 12, failed: 0 } } });
  });

  it.each([
    ['account', 'reads another blob', (migration: MemoryMigration) => failReads(migration, [0], 'SourceNetwork')],
    ['target', 'takes a part', (migration: MemoryMigration) => failPuts(migration, 'TargetNetwork', /unit-0\.gz$/)],
  ])('fails even as the last one if its %s %s, but only after one more try', async (_, _proof, fail) => {
    const { migration, run } = sliceOf(1, { unitPatienceMs: 0 });
    migration.addBlob(9, 'a', 'text of nobody\n');
    fail(migration);
    const requests = { account: migration.source.requests, target: migration.target.requests };
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { failed: 1 } } });
    const tries = [requests.account.log, requests.target.log]
      .flat()
      .filter(({ kind, name }) => (kind === 'open' || kind === 'put') && /unit-0(\.gz$|\/)/.test(name));
    expect(tries.length).toBeGreaterThanOrEqual(2);
    expect([...migration.target.objects.keys(), ...migration.target.uploads.keys()]).toEqual([]);
  });

  it('waits as the last one if its account reads no other blob, or the control bucket is away', async () => {
    const { migration, run } = sliceOf(1, { unitPatienceMs: 0 });
    migration.addBlob(9, 'a', 'text of nobody\n');
    failReads(migration, [0, 9], 'SourceNetwork', { what: 'account east' });
    expect(await run()).toMatchObject({ state: 'waiting', tally: { units: { failed: 0 } } });
    failReads(migration, [], 'SourceNetwork');
    failPuts(migration, 'TargetNetwork', /unit-0\.gz$/, 'control archive');
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await run()).toMatchObject({ state: 'waiting', waiting: [{ what: 'control archive' }] });
  });

  it('frees the slot of its slice and says what it waits for, since when and until when', async () => {
    const { migration, run } = sliceOf(6);
    const began = Date.now();
    failReads(migration, [2], 'SourceThrottled', { what: 'account east' });
    const result = await run();
    if (result.state !== 'waiting') throw new Error(`the slice is ${result.state}`);
    expect(result.waiting).toEqual([
      {
        what: 'account east',
        class: 'SourceThrottled',
        message: 'read east/events/unit-2/a: no',
        since: expect.any(String),
        units: 1,
      },
    ]);
    expect(Date.parse(result.waiting[0]!.since)).toBeGreaterThanOrEqual(began);
    // More than five seconds when the slot was given up, but the flush after that takes long in scaled time.
    expect(result.retryInMs).toBeGreaterThan(0);
    expect(result.retryInMs).toBeLessThanOrEqual(60_000);
  });

  it('is remembered with its patience by the attempts that follow', async () => {
    const { migration, run } = sliceOf(6);
    failReads(migration, [2], 'SourceThrottled', { what: 'account east' });
    const since: unknown[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const result = await run();
      since.push(result.state === 'waiting' && result.waiting[0]?.since);
    }
    expect(since).toEqual([expect.any(String), since[0]]);
    const later = Date.now() + 60_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    const result = await run();
    expect(result).toMatchObject({ state: 'complete', tally: { units: { done: 5, failed: 1 } } });
    expect(migration.receipts[2]).toMatchObject({ state: 'failed', class: 'SourceThrottled' });
  });

  it('shows in the heartbeat as soon as it has waited for a while', async () => {
    const { migration, beats, run } = sliceOf(3);
    failReads(migration, [0], 'SourceNetwork', { what: 'account east' });
    await run();
    expect(beats.at(-1)?.waiting).toBeUndefined();
    const later = Date.now() + 15_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    await run();
    expect(beats.at(-1)).toMatchObject({
      waiting: [{ what: 'account east', class: 'SourceNetwork', units: 1, since: expect.any(String) }],
    });
  });
});

it('a slice that is cancelled while its units queue behind those of others ends at once', async () => {
  const { run } = sliceOf(8);
  const process = createProcessResources({ unitsInFlight: 1 });
  let release = (): void => undefined;
  const other = process.units(() => new Promise<void>((resolve) => (release = resolve)));
  const abort = new AbortController();
  const running = run({
    process,
    signal: abort.signal,
    beat: () => setImmediate(() => abort.abort(new Error('cancel'))),
  });
  expect(await running).toMatchObject({ state: 'partial', tally: { units: { done: 0 } } });
  release();
  await other;
});
