import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleFile, exampleWith } from '../definition/example-file.js';
import { done, empty, failed, StagedRounds } from './staged-rounds.js';

let temporaryDirectory: string;
beforeAll(() => {
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'longhaul-again-test-'));
});
afterAll(() => rmSync(temporaryDirectory, { recursive: true }));

describe('staging the next round', () => {
  it('keeps the index of a known unit, gives new ones the next free index, and says what was proven', async () => {
    const rounds = new StagedRounds(temporaryDirectory);
    const first = await rounds.first(['a', 'b', 'c', 'd']);
    const receipts = [done(0, 'a'), failed(1, 'b'), done(2, 'c'), empty(3, 'd')];
    // c is gone; x and y are new; the order is another one.
    const record = await rounds.again(first, receipts, ['x', 'd', 'b', 'a', 'y']);

    expect(record).toMatchObject({
      id: first.id,
      round: 1,
      layout: { units: 5 },
      before: { total: 6, done: 2, empty: 1, failed: 1 },
    });
    const previous = { etag: '"a"', manifest: 'm-a', rawBytes: 100, sha256: 'a'.repeat(64), crc32: '0000000a' };
    expect(rounds.staged(record).map(({ fields: _fields, ...unit }) => unit)).toEqual([
      { position: 0, index: 4, id: 'x/2019-07', key: 'orders/x/2019-07.json.gz' },
      { position: 1, index: 3, id: 'd/2019-07', key: 'orders/d/2019-07.json.gz', earlier: 'empty' },
      { position: 2, index: 1, id: 'b/2019-07', key: 'orders/b/2019-07.json.gz', earlier: 'failed' },
      { position: 3, index: 0, id: 'a/2019-07', key: 'orders/a/2019-07.json.gz', earlier: 'done', previous },
      { position: 4, index: 5, id: 'y/2019-07', key: 'orders/y/2019-07.json.gz' },
    ]);
  });

  it('lets the newest round with a receipt win, and remembers an object from before a later failure', async () => {
    const rounds = new StagedRounds(temporaryDirectory);
    const first = await rounds.first(['a', 'b']);
    const second = await rounds.again(first, [done(0, 'a'), failed(1, 'b')], ['a', 'b']);
    const receipts = [done(0, 'a'), failed(1, 'b'), failed(0, 'a'), done(1, 'b')];
    const third = await rounds.again(second, receipts, ['b', 'a']);

    expect(third).toMatchObject({ round: 2, before: { total: 2, done: 1, failed: 1 } });
    expect(rounds.staged(third)).toMatchObject([
      { index: 1, earlier: 'done', previous: { etag: '"b"' } },
      { index: 0, earlier: 'failed', previous: { etag: '"a"' } },
    ]);
  });

  it('uses the definition as it is now, and a later start attaches to the newest round', async () => {
    const rounds = new StagedRounds(temporaryDirectory);
    const first = await rounds.first(['a']);
    const changed = exampleWith('orders/{{ tenant }}', 'new/{{ tenant }}');
    const second = await rounds.again(first, [done(0, 'a')], ['a', 'b'], changed);
    expect(second.definitionDigest).not.toBe(first.definitionDigest);
    expect(rounds.staged(second)[0]).toMatchObject({ index: 0, key: 'new/a/2019-07.json.gz' });

    expect(await rounds.start(['a', 'b'], 1, changed)).toEqual({ state: 'attached', record: second });
    expect(await rounds.start(['a', 'b'], 1)).toMatchObject({ state: 'changed', safe: false });
    expect(await rounds.start(['a'], 1, changed)).toMatchObject({ state: 'changed', safe: false });
  });

  it('refuses what the first round would refuse, writes nothing then, and leaves no temporary file', async () => {
    const rounds = new StagedRounds(temporaryDirectory);
    const first = await rounds.first(['a']);
    const written = rounds.store.objects.size;
    await expect(rounds.again(first, [done(0, 'a')], ['b', 'b'])).rejects.toThrow('is also that of');
    expect(rounds.store.objects.size).toBe(written);
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('finds earlier units even when their ids do not fit into memory', async () => {
    const rounds = new StagedRounds(temporaryDirectory);
    const names = Array.from({ length: 500 }, (_, index) => `t${String(index)}`);
    const first = await rounds.first(names);
    const receipts = names.map((name, index) => done(index, name));
    const record = await rounds.again(first, receipts, names.toReversed(), exampleFile, {
      buckets: 4,
      gatheredBytes: 200,
    });
    expect(rounds.staged(record).map(({ index }) => index)).toEqual(names.map((_, index) => 499 - index));
    expect(record.before).toMatchObject({ total: 500, done: 500 });
  });
});
