import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { stageAgain } from '../../../src/staging/stage-again.js';
import { stageMigration } from '../../../src/staging/stage-migration.js';
import type { UnitLine } from '../../../src/definition/units/unit-line.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { receiptTally } from '../../../src/domain/receipt.js';
import { addTallies, emptyTally } from '../../../src/domain/figures/tally.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { overallUnits } from '../../../src/domain/figures/unit-figures.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';
import { exampleFile, exampleWith } from '../definition/example-file.js';
import { MemoryStore } from './staging-store.js';

const base = '.longhaul/orders';
let temporaryDirectory: string;
beforeAll(() => {
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'longhaul-again-test-'));
});
afterAll(() => rmSync(temporaryDirectory, { recursive: true }));

describe('staging the next round', () => {
  it('keeps the index of a known unit, gives new ones the next free index, and says what was proven', async () => {
    const store = new MemoryStore();
    const first = await stageFirst(store, ['a', 'b', 'c', 'd']);
    const receipts = [done(0, 'a'), failed(1, 'b'), done(2, 'c'), empty(3, 'd')];
    // c is gone; x and y are new; the order is another one.
    const record = await again(store, first, receipts, ['x', 'd', 'b', 'a', 'y']);

    expect(record).toMatchObject({
      id: first.id,
      round: 1,
      layout: { units: 5 },
      before: { total: 6, done: 2, empty: 1, failed: 1 },
    });
    const previous = { etag: '"a"', manifest: 'm-a', rawBytes: 100, sha256: 'a'.repeat(64), crc32: '0000000a' };
    expect(staged(store, record).map(({ fields: _fields, ...unit }) => unit)).toEqual([
      { position: 0, index: 4, id: 'x/2019-07', key: 'orders/x/2019-07.json.gz' },
      { position: 1, index: 3, id: 'd/2019-07', key: 'orders/d/2019-07.json.gz', earlier: 'empty' },
      { position: 2, index: 1, id: 'b/2019-07', key: 'orders/b/2019-07.json.gz', earlier: 'failed' },
      { position: 3, index: 0, id: 'a/2019-07', key: 'orders/a/2019-07.json.gz', earlier: 'done', previous },
      { position: 4, index: 5, id: 'y/2019-07', key: 'orders/y/2019-07.json.gz' },
    ]);
  });

  it('lets the newest round with a receipt win, and remembers an object from before a later failure', async () => {
    const store = new MemoryStore();
    const first = await stageFirst(store, ['a', 'b']);
    const second = await again(store, first, [done(0, 'a'), failed(1, 'b')], ['a', 'b']);
    const receipts = [done(0, 'a'), failed(1, 'b'), failed(0, 'a'), done(1, 'b')];
    const third = await again(store, second, receipts, ['b', 'a']);

    expect(third).toMatchObject({ round: 2, before: { total: 2, done: 1, failed: 1 } });
    expect(staged(store, third)).toMatchObject([
      { index: 1, earlier: 'done', previous: { etag: '"b"' } },
      { index: 0, earlier: 'failed', previous: { etag: '"a"' } },
    ]);
  });

  it('uses the definition as it is now, and a later start attaches to the newest round', async () => {
    const store = new MemoryStore();
    const first = await stageFirst(store, ['a']);
    const changed = exampleWith('orders/{{ tenant }}', 'new/{{ tenant }}');
    const second = await again(store, first, [done(0, 'a')], ['a', 'b'], changed);
    expect(second.definitionDigest).not.toBe(first.definitionDigest);
    expect(staged(store, second)[0]).toMatchObject({ index: 0, key: 'new/a/2019-07.json.gz' });

    expect(await start(store, ['a', 'b'], 1, changed)).toEqual({ state: 'attached', record: second });
    expect(await start(store, ['a', 'b'], 1)).toMatchObject({ state: 'changed', safe: false });
    expect(await start(store, ['a'], 1, changed)).toMatchObject({ state: 'changed', safe: false });
  });

  it('refuses what the first round would refuse, writes nothing then, and leaves no temporary file', async () => {
    const store = new MemoryStore();
    const first = await stageFirst(store, ['a']);
    const written = store.objects.size;
    await expect(again(store, first, [done(0, 'a')], ['b', 'b'])).rejects.toThrow('is also that of');
    expect(store.objects.size).toBe(written);
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('finds earlier units even when their ids do not fit into memory', async () => {
    const store = new MemoryStore();
    const names = Array.from({ length: 500 }, (_, index) => `t${String(index)}`);
    const first = await stageFirst(store, names);
    const receipts = names.map((name, index) => done(index, name));
    const record = await again(store, first, receipts, names.toReversed(), exampleFile, {
      buckets: 4,
      gatheredBytes: 200,
    });
    expect(staged(store, record).map(({ index }) => index)).toEqual(names.map((_, index) => 499 - index));
    expect(record.before).toMatchObject({ total: 500, done: 500 });
  });
});

function start(store: MemoryStore, names: readonly string[], newestRound: number, file = exampleFile) {
  return stageMigration({ ...common(store, names, file), newestRound });
}

async function stageFirst(store: MemoryStore, names: readonly string[]): Promise<MigrationRecord> {
  return (await start(store, names, 0)).record;
}

function again(
  store: MemoryStore,
  previous: MigrationRecord,
  receipts: readonly Receipt[],
  names: readonly string[],
  file = exampleFile,
  buckets?: { readonly buckets: number; readonly gatheredBytes: number },
): Promise<MigrationRecord> {
  const newest = new Map(receipts.map((receipt) => [receipt.index, receipt]));
  const tally = [...newest.values()].map(receiptTally).reduce(addTallies, emptyTally);
  return stageAgain({
    ...common(store, names, file),
    ...{ previous, buckets, receipts: eachOf(receipts) },
    before: overallUnits(undefined, { total: previous.before?.total ?? previous.layout.units, tally }),
  });
}

function common(store: MemoryStore, names: readonly string[], file: string) {
  return {
    definition: parseDefinition(file, 'm.yaml'),
    units: lines(names),
    ...{ store, base, version: '1.2.3', temporaryDirectory },
    now: () => new Date('2026-01-02T03:04:05Z'),
    signal: new AbortController().signal,
  };
}

function staged(store: MemoryStore, { round, unitsDigest, layout }: MigrationRecord): readonly StagedUnit[] {
  return Array.from({ length: layout.slices }, (_, number) => {
    const place = `p${String(Math.floor(number / 4)).padStart(4, '0')}/s${String(number % 4).padStart(4, '0')}`;
    const key = `${base}/r000${String(round)}/units-${unitsDigest}/${place}.ndjson.gz`;
    const text = gunzipSync(store.objects.get(key)!).toString().trimEnd();
    return text.split('\n').map((line) => JSON.parse(line) as StagedUnit);
  }).flat();
}

async function* lines(names: readonly string[]): AsyncGenerator<UnitLine> {
  for (const [index, tenant] of names.entries()) {
    yield { line: index + 2, fields: { tenant, month: '2019-07' }, text: `${tenant},2019-07` };
  }
}

async function* eachOf(receipts: readonly Receipt[]): AsyncGenerator<Receipt> {
  yield* receipts;
}

function done(index: number, name: string): Receipt {
  return {
    ...smallReceipt(index, `${name}/2019-07`),
    manifest: { digest: `m-${name}`, blobs: [] },
    target: { etag: `"${name}"`, checksum: null, parts: 1 },
  };
}

function failed(index: number, name: string): Receipt {
  const { raw: _raw, target: _target, ...receipt } = smallReceipt(index, `${name}/2019-07`);
  return { ...receipt, state: 'failed', class: 'EmptyUnit', message: 'no blob matched' };
}

function empty(index: number, name: string): Receipt {
  const { raw: _raw, target: _target, ...receipt } = smallReceipt(index, `${name}/2019-07`);
  return { ...receipt, state: 'empty' };
}
