import { describe, expect, it } from 'vitest';
import { readReceipts } from '../../../src/control/ledger/read-receipts.js';
import { Failure } from '../../../src/domain/failure.js';
import type { SliceResult } from '../../../src/domain/figures/slice-report.js';
import { lookingControlStore } from '../../../src/control/looking-control-store.js';
import { lookingObjectTarget } from '../../../src/pipeline/publish/looking-object-target.js';
import type { PutRequest } from '../../../src/pipeline/publish/object-target.js';
import { readLedger } from '../../../src/control/ledger/read-ledger.js';
import { settled } from '../../../src/flow/settled.js';
import { Flag } from '../../support/fakes/flag.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { MemoryMigration, sha256, smallDefinition } from '../../support/fakes/memory-migration.js';
import { crc32Base64, MemoryObjectTarget } from '../../support/fakes/memory-object-target.js';
import { MemoryProcess, type ProcessStep } from '../../support/fakes/memory-process.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

const time = useScaledTime(100);
const never = new AbortController().signal;
const textOf = (unit: number): string => `text of unit ${String(unit)}\n`;

/** A slice whose stores refuse every request that carries a condition: they must not be sent any. */
function degradedSlice(units: number) {
  const migration = new MemoryMigration({
    units,
    definition: smallDefinition({ target: { conditionalWrites: 'degraded' }, transform: { level: 0 } }),
  });
  for (let unit = 0; unit < units; unit += 1) migration.addBlob(unit, 'a', textOf(unit));
  const { control, target } = migration;
  const noCondition = (): never => {
    throw new Failure('TargetCapability', 'a condition was sent');
  };
  control.write = noCondition;
  const { put, completeUpload } = MemoryObjectTarget.prototype;
  target.put = (request, signal) =>
    request.condition.kind === 'none' ? put.call(target, request, signal) : noCondition();
  target.completeUpload = (request, signal) =>
    request.condition.kind === 'none' ? completeUpload.call(target, request, signal) : noCondition();
  const resources = {
    ...migration.resources,
    control: lookingControlStore(control),
    target: lookingObjectTarget(target),
  };
  const move = (process = new MemoryProcess({ unitsInFlight: 4 }), epoch = 1): Promise<SliceResult> =>
    process.move(migration, { resources, task: { ...migration.task, epoch } });
  const ledger = () => readLedger(migration.resources, migration.task, never);
  const attempts = (): readonly string[] => [...control.objects.keys()].filter((key) => key.includes('/ledger/'));
  return { migration, move, ledger, attempts };
}

function partsOf(migration: MemoryMigration): number {
  return migration.control.objects.has('.longhaul/orders/r0000/uploads/0.json')
    ? migration.checkpoint(0).parts.length
    : 0;
}

const allOf = (units: number) =>
  Object.fromEntries(
    Array.from({ length: units }, (_, unit) => [`orders/unit-${String(unit)}.gz`, sha256(textOf(unit))]),
  );

describe('a slice on a store that ignores conditions', () => {
  it('is moved without one, and every attempt has a ledger of its own', async () => {
    const { migration, move, ledger, attempts } = degradedSlice(5);
    const result = await move();
    expect(result).toMatchObject({ state: 'complete', tally: { units: { done: 5 } } });
    expect(migration.published).toEqual(allOf(5));
    expect(attempts()).toEqual([
      expect.stringMatching(/^\.longhaul\/orders\/r0000\/ledger\/p0000\/s0000\/1-[0-9a-f-]{36}\.ndjson\.gz$/),
    ]);
    expect((await ledger())?.footer?.tally).toEqual(result.tally);
    expect(await move()).toEqual(result);
    expect(attempts()).toHaveLength(1);
  });

  it('uploads a large unit in parts, and resumes it after a death', async () => {
    const { migration, move } = degradedSlice(1);
    const text = Buffer.alloc(20 * 1024 * 1024, 'large');
    migration.addBlob(0, 'a', text);
    const dying = MemoryProcess.dyingAt(
      ({ call, when }) => call === 'target.uploadPart' && when === 'before' && partsOf(migration) > 0,
    );
    await settled(move(dying));
    expect(dying.dead).toBe(true);
    expect(await move()).toMatchObject({ state: 'complete', tally: { units: { done: 1 } } });
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256(text) });
    expect(migration.target.requests.count('createUpload')).toBe(1);
  });

  it('resumes after a death from the records of all attempts, which readers merge', async () => {
    const { migration, move, ledger, attempts } = degradedSlice(8);
    for (const unit of [3, 6]) {
      const process = new MemoryProcess({ unitsInFlight: 1 }, async ({ call, subject }, self) => {
        if (call !== 'source.open' || !subject.startsWith(`unit-${String(unit)}/`)) return;
        time.leap(20_000);
        while (((await ledger())?.receipts.size ?? 0) < unit) await new Promise(setImmediate);
        self.kill();
      });
      await settled(move(process));
      expect(process.dead).toBe(true);
    }
    const before = attempts().map((key) => migration.control.objects.get(key));
    expect(await move()).toMatchObject({ state: 'complete', tally: { units: { done: 8 } } });
    expect(attempts()).toHaveLength(3);
    expect(
      attempts()
        .slice(0, 2)
        .map((key) => migration.control.objects.get(key)),
    ).toEqual(before);
    expect(
      migration.source.requests.log.filter(({ kind, name }) => kind === 'open' && name.includes('unit-1/')),
    ).toHaveLength(1);

    const read: number[] = [];
    for await (const receipts of readReceipts(migration.resources, never))
      read.push(...receipts.map(({ index }) => index));
    expect(read.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('stops an overtaken attempt at its next flush; the later attempt counts', async () => {
    const { migration, move, ledger, attempts } = degradedSlice(4);
    const wake = new Flag();
    const held = new Flag();
    const zombie = new MemoryProcess({ unitsInFlight: 1 }, ({ call, subject }, self) => {
      if (call !== 'source.open' || !subject.startsWith('unit-2/')) return;
      self.hold(wake.raised);
      held.raise();
    });
    const first = settled(move(zombie));
    await held.raised;
    expect(await move()).toMatchObject({ state: 'complete', tally: { units: { done: 4, found: 2 } } });
    const [own] = attempts();
    const before = migration.control.objects.get(own!);
    wake.raise();
    expect(await first).toMatchObject({ error: { failureClass: 'Fenced' } });
    expect(migration.control.objects.get(own!)).toBe(before);
    expect((await ledger())?.receipts.size).toBe(4);
    expect(migration.published).toEqual(allOf(4));
  });

  it('that two attempts claim at once is left to one of them', async () => {
    const { migration, move, ledger } = degradedSlice(6);
    let claiming = 0;
    const both = new Flag();
    const meets = async ({ call, when }: ProcessStep): Promise<void> => {
      if (call !== 'control.overwrite' || when !== 'after') return;
      claiming += 1;
      if (claiming === 2) both.raise();
      await both.raised;
    };
    const results = await Promise.all([1, 2].map(() => settled(move(new MemoryProcess({ unitsInFlight: 1 }, meets)))));
    const completed = results.filter((result) => 'value' in result && result.value.state === 'complete');
    expect(completed).toHaveLength(1);
    expect((await ledger())?.footer?.tally).toEqual((completed[0] as { value: SliceResult }).value.tally);
    expect(migration.published).toEqual(allOf(6));
  });

  it('ends as superseded where a higher epoch has claimed', async () => {
    const { move } = degradedSlice(2);
    await move(undefined, 2);
    await expect(move(undefined, 1)).rejects.toMatchObject({ failureClass: 'Superseded' });
  });

  it('parks a unit that kills its process', async () => {
    const { move, ledger } = degradedSlice(3);
    for (let death = 0; death < 6; death += 1) {
      const process = MemoryProcess.dyingAt(({ call, subject }) => call === 'source.open' && subject === 'unit-0/a');
      await settled(move(process));
      expect(process.dead).toBe(true);
    }
    expect(await move()).toMatchObject({ state: 'complete', tally: { units: { done: 2, failed: 1 } } });
    expect((await ledger())?.receipts.get(0)).toMatchObject({ class: 'Poison' });
  });
});

describe('a control store that looks before it writes', () => {
  const open = () => {
    const store = new MemoryControlStore();
    return { store, looking: lookingControlStore(store) };
  };

  it('refuses a write that it sees would break the condition', async () => {
    const { store, looking } = open();
    expect(await looking.write('a', Buffer.from('1'), { etag: '"x"' }, never)).toEqual({ state: 'refused' });
    const written = await looking.write('a', Buffer.from('1'), 'absent', never);
    expect(written).toMatchObject({ state: 'written', etag: (await store.read('a', 1_000, never))?.etag });
    expect(await looking.write('a', Buffer.from('2'), 'absent', never)).toEqual({ state: 'refused' });
    expect(await looking.write('a', Buffer.from('2'), { etag: '"x"' }, never)).toEqual({ state: 'refused' });
    const etag = written.state === 'written' ? written.etag : '';
    expect(await looking.write('a', Buffer.from('2'), { etag }, never)).toMatchObject({ state: 'written' });
    expect(store.objects.get('a')?.toString()).toBe('2');
  });

  it('does not know the outcome when a reply is lost or another writer came in between', async () => {
    const { store, looking } = open();
    store.requests.hook = ({ kind }) => (kind === 'overwrite' ? { fault: 'lose-reply' } : undefined);
    expect(await looking.write('a', Buffer.from('1'), 'absent', never)).toMatchObject({ state: 'unknown' });
    store.requests.hook = ({ kind }) => {
      if (kind === 'read' && store.requests.log.some((request) => request.name === 'b' && request.kind === 'overwrite'))
        store.objects.set('b', Buffer.from('rival'));
      return undefined;
    };
    expect(await looking.write('b', Buffer.from('1'), 'absent', never)).toMatchObject({ state: 'unknown' });
    store.requests.hook = ({ kind }) =>
      kind === 'overwrite' ? { fault: 'fail', failure: new Failure('TargetForbidden', 'no') } : undefined;
    await expect(looking.write('c', Buffer.from('1'), 'absent', never)).rejects.toMatchObject({
      failureClass: 'TargetForbidden',
    });
  });
});

describe('a target that looks before it publishes', () => {
  it('refuses what a HEAD shows would break the condition, and publishes the rest', async () => {
    const target = new MemoryObjectTarget();
    const looking = lookingObjectTarget(target);
    const body = Buffer.from('x');
    const put = (condition: PutRequest['condition']) =>
      looking.put({ key: 'a', body, crc32: crc32Base64(body), metadata: {}, condition }, never);
    expect(await put({ kind: 'etag', etag: '"x"' })).toEqual({ state: 'refused' });
    const stored = await put({ kind: 'absent' });
    expect(stored).toMatchObject({ state: 'stored' });
    expect(await put({ kind: 'absent' })).toEqual({ state: 'refused' });
    expect(await put({ kind: 'etag', etag: '"x"' })).toEqual({ state: 'refused' });
    expect(await put({ kind: 'etag', etag: stored.state === 'stored' ? stored.etag : '' })).toMatchObject({
      state: 'stored',
    });
  });
});
