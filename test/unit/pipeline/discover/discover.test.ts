import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../src/domain/definition.js';
import { Failure } from '../../../../src/domain/failure.js';
import { manifestText } from '../../../../src/domain/manifest.js';
import { discover } from '../../../../src/pipeline/discover/discover.js';
import type { RenderedExpect, RenderedLookup } from '../../../../src/domain/rendered-find.js';
import type { ListedBlob } from '../../../../src/pipeline/source/blob-source.js';
import { MemoryBlobSource } from '../../../support/fakes/memory-blob-source.js';
import { prefixLookup, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const never = new AbortController().signal;
const unit = { index: 0, id: 'u', key: 'u.gz', fields: {} };

function sourceOf({ pageBlobs }: { readonly pageBlobs?: number }, ...names: readonly string[]): MemoryBlobSource {
  const source = new MemoryBlobSource(pageBlobs === undefined ? {} : { pageBlobs });
  source.addContainer('east', 'events');
  source.addContainer('west', 'events');
  for (const label of names) {
    const [account = '', name = ''] = label.split(':');
    source.add({ account, container: 'events', name }, label);
  }
  return source;
}

/** Changes the pages that a source answers with. */
function changePages(source: MemoryBlobSource, change: (blobs: readonly ListedBlob[]) => readonly ListedBlob[]): void {
  const listPage = source.listPage.bind(source);
  source.listPage = async (...request) => {
    const page = await listPage(...request);
    return { ...page, blobs: change(page.blobs) };
  };
}

function find(
  source: MemoryBlobSource,
  lookups: readonly RenderedLookup[],
  options: {
    expect?: RenderedExpect;
    order?: Definition['order'];
    unitBlobs?: number;
    note?: (text: string) => void;
  } = {},
) {
  const { order = 'name', unitBlobs = 1_000 } = options;
  const definition = smallDefinition({ order, limits: { unitBlobs } });
  const renderer = { lookups: () => lookups, expect: () => options.expect ?? {} };
  return discover(unit, { definition, find: renderer, source, ...(options.note && { note: options.note }) }, never);
}

async function foundBy(...args: Parameters<typeof find>): Promise<readonly string[]> {
  return (await find(...args)).blobs.map(({ account, name }) => `${account}:${name}`);
}

const captured = (pattern: RegExp) => (name: string) => pattern.exec(name)?.[1];

const exact = (name: string, changes: Partial<RenderedLookup> = {}): RenderedLookup => ({
  ...prefixLookup({ prefix: '' }),
  find: { kind: 'blob', name },
  ...changes,
});
const named = (...names: readonly string[]) => sourceOf({}, ...names.map((name) => `east:${name}`));

describe('the order of blobs', () => {
  it('by name is that of the bytes of names over all lookups', async () => {
    const source = sourceOf(
      {},
      'west:b',
      'east:a/2',
      'east:a/10',
      'east:Z',
      'east:é',
      'east:\uffee',
      'east:🚀',
      'west:a/1',
    );
    const lookups = [prefixLookup({ prefix: '' }), prefixLookup({ prefix: '', lookup: 1, account: 'west' })];
    expect(await foundBy(source, lookups)).toEqual([
      'east:Z',
      'west:a/1',
      'east:a/10',
      'east:a/2',
      'west:b',
      'east:é',
      'east:\uffee',
      'east:🚀',
    ]);
  });

  it('by lookup is lookup after lookup, by name inside each', async () => {
    const source = sourceOf({}, 'east:b/1', 'east:b/2', 'east:a/1', 'west:a/0');
    const lookups = [
      prefixLookup({ prefix: 'b/', combination: 1 }),
      prefixLookup({ prefix: 'a/', combination: 0 }),
      prefixLookup({ prefix: '', lookup: 1, account: 'west' }),
    ];
    expect(await foundBy(source, lookups, { order: 'lookup' })).toEqual([
      'east:a/1',
      'east:b/1',
      'east:b/2',
      'west:a/0',
    ]);
  });

  it('by time of change is that, then by name', async () => {
    const source = sourceOf({}, 'east:c', 'east:a', 'east:b');
    changePages(source, (blobs) => blobs.map((blob) => ({ ...blob, lastModifiedMs: blob.name === 'c' ? 1 : 2 })));
    expect(await foundBy(source, [prefixLookup({ prefix: '' })], { order: 'lastModified' })).toEqual([
      'east:c',
      'east:a',
      'east:b',
    ]);
  });

  it('of equal names is by lookup, combination, account and container', async () => {
    const source = sourceOf({}, 'west:same', 'east:same');
    for (const container of ['b', 'a']) source.add({ account: 'east', container, name: 'same' }, 'x');
    const lookup = (changes: Partial<RenderedLookup>) => prefixLookup({ prefix: 'same', ...changes });
    const manifest = await find(source, [
      lookup({ lookup: 1, container: 'events' }),
      lookup({ lookup: 0, combination: 1, account: 'west' }),
      lookup({ lookup: 0, combination: 0, container: 'b' }),
      lookup({ lookup: 0, combination: 0, container: 'a' }),
    ]);
    expect(manifest.blobs.map(({ account, container }) => `${account}/${container}`)).toEqual([
      'east/a',
      'east/b',
      'west/events',
      'east/events',
    ]);
  });
});

describe('discover', () => {
  it('freezes the blobs with what the listing said and the digest of their manifest', async () => {
    const source = new MemoryBlobSource();
    const a = source.add({ account: 'east', container: 'events', name: 'a' }, 'one');
    const b = source.add({ account: 'east', container: 'events', name: 'b' }, 'two', { md5: null });
    const manifest = await find(source, [prefixLookup({ prefix: '' })]);
    expect(manifest.blobs).toEqual([a, b]);
    const text = manifestText([a, b], smallDefinition().transform);
    expect(manifest.digest).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('returns a manifest of no blobs when nothing matches', async () => {
    expect(await foundBy(named('other'), [prefixLookup({ prefix: 'a/' })])).toEqual([]);
    expect(await foundBy(named(), [])).toEqual([]);
  });

  it('takes only blobs below the prefix that match', async () => {
    const matches = (name: string): boolean => name.endsWith('.bz2');
    const lookup = prefixLookup({ prefix: '', find: { kind: 'prefix', prefix: 'a/', matches } });
    expect(await foundBy(named('a/1.bz2', 'a/1.txt', 'b/1.bz2', 'a/x/2.bz2'), [lookup])).toEqual([
      'east:a/1.bz2',
      'east:a/x/2.bz2',
    ]);
  });

  it('names a blob that several lookups find only once, by the first of them', async () => {
    const source = named('a', 'b');
    const lookups = [prefixLookup({ prefix: 'b' }), prefixLookup({ prefix: '', lookup: 1 }), exact('b', { lookup: 2 })];
    expect(await foundBy(source, lookups, { order: 'lookup' })).toEqual(['east:b', 'east:a']);
  });

  it('drops what a listing returns twice', async () => {
    const source = named('a', 'b');
    changePages(source, (blobs) => blobs.flatMap((blob) => [blob, blob]));
    expect(await foundBy(source, [prefixLookup({ prefix: '' })])).toEqual(['east:a', 'east:b']);
  });

  it('finds the same whatever the number of lookups', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    const lookups = names.map((name, combination) => exact(name, { combination })).reverse();
    expect(await foundBy(named(...names), lookups)).toEqual(names.map((name) => `east:${name}`));
  });
});

describe('what is not there', () => {
  it('fails the unit when an exact blob is missing, and says which', async () => {
    await expect(find(named('a'), [exact('a'), exact('b')])).rejects.toMatchObject({
      failureClass: 'SourceMissing',
      blob: 'east/events/b',
      message: expect.stringContaining('east/events/b'),
    });
  });

  it('fails the unit when a container is missing', async () => {
    for (const lookup of [prefixLookup({ prefix: '', container: 'none' }), exact('a', { container: 'none' })])
      await expect(find(named('a'), [lookup])).rejects.toMatchObject({ failureClass: 'SourceMissing' });
  });

  it('is fine when the lookup is optional', async () => {
    const lookups = [
      exact('a'),
      exact('b', { optional: true }),
      exact('c', { optional: true, container: 'none' }),
      prefixLookup({ prefix: '', container: 'none', optional: true }),
    ];
    expect(await foundBy(named('a'), lookups)).toEqual(['east:a']);
  });

  it('speaks for the unit by the first lookup that fails, whichever is answered first', async () => {
    const slow = prefixLookup({ prefix: '' });
    const missing = prefixLookup({ prefix: '', lookup: 1, container: 'absent' });
    const source = sourceOf({ pageBlobs: 1 }, 'east:a', 'east:b', 'east:c');
    const limited = { unitBlobs: 2 };
    await expect(find(source, [slow, missing], limited)).rejects.toMatchObject({
      failureClass: 'LimitExceeded/UnitBlobs',
    });
    await expect(find(source, [missing, slow], limited)).rejects.toMatchObject({ failureClass: 'SourceMissing' });
  });

  it('does not include what an optional lookup is forbidden to see', async () => {
    const source = named('a');
    source.requests.hook = () => ({ failure: new Failure('SourceForbidden', 'no list permission') });
    await expect(find(source, [prefixLookup({ prefix: '', optional: true })])).rejects.toMatchObject({
      failureClass: 'SourceForbidden',
    });
  });
});

describe('a listing that breaks midway', () => {
  it('is made again without loss or duplicates', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    const source = sourceOf({ pageBlobs: 7 }, ...names.map((name) => `east:${name}`));
    source.requests.hook = ({ count }) =>
      [1, 2, 4].includes(count) ? { failure: new Failure('SourceListing', 'page 2 failed') } : undefined;
    expect(await foundBy(source, [prefixLookup({ prefix: '' })], { unitBlobs: 20 })).toEqual(
      names.map((name) => `east:${name}`),
    );
    // Three pages, of which one failed twice and one once: the pages before a failure are not listed again.
    expect(source.requests.count('list')).toBe(6);
  });

  it('again and again fails the unit with its class', async () => {
    const source = named('a', 'b');
    source.requests.hook = () => ({ failure: new Failure('SourceListing', 'page 2 failed') });
    await expect(find(source, [prefixLookup({ prefix: '' })])).rejects.toMatchObject({ failureClass: 'SourceListing' });
  });
});

describe('limits.unitBlobs', () => {
  it('allows exactly that many', async () => {
    expect(await foundBy(named('a', 'b', 'c'), [prefixLookup({ prefix: '' })], { unitBlobs: 3 })).toHaveLength(3);
  });

  it('ends a listing that passes it, without reading on', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const source = sourceOf({ pageBlobs: 2 }, ...names.map((name) => `east:${name}`));
    await expect(find(source, [prefixLookup({ prefix: '' })], { unitBlobs: 3 })).rejects.toMatchObject({
      failureClass: 'LimitExceeded/UnitBlobs',
    });
    expect(source.requests.count('list')).toBe(2);
  });

  it('counts over all lookups, and a blob found twice once', async () => {
    const source = named('a1', 'a2', 'b1', 'b2');
    const lookups = ['a', 'b'].map((prefix, lookup) => prefixLookup({ prefix, lookup }));
    await expect(find(source, lookups, { unitBlobs: 3 })).rejects.toMatchObject({
      failureClass: 'LimitExceeded/UnitBlobs',
    });
    expect(await foundBy(source, [...lookups, ...lookups], { unitBlobs: 4 })).toHaveLength(4);
  });
});

describe('expect', () => {
  const lookups = [prefixLookup({ prefix: '' })];

  it.each([
    [{ blobs: 3 }],
    [{ min: 3, max: 3 }],
    [{ min: 0 }],
    [{ max: 4 }],
    [{ sequence: captured(/-(\d+)\.bz2$/) }],
    [{}],
  ])('%j is met by p-1, p-2 and p-3', async (expected) => {
    expect(await foundBy(named('p-1.bz2', 'p-2.bz2', 'p-3.bz2'), lookups, { expect: expected })).toHaveLength(3);
  });

  it.each([
    [{ blobs: 2 }, '3 blobs were found, exactly 2'],
    [{ blobs: 0 }, 'exactly 0'],
    [{ min: 4 }, 'at least 4'],
    [{ max: 2 }, 'at most 2'],
  ])('%j is not met by three blobs, and says so', async (expected, message) => {
    const result = find(named('a', 'b', 'c'), lookups, { expect: expected });
    await expect(result).rejects.toMatchObject({
      failureClass: 'Incomplete',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [['p-1', 'p-3'], 'missing in the sequence: 2'],
    [['p-1', 'p-10', 'p-11', 'p-14'], '2 to 9, 12 to 13'],
    [['p-0007', 'p-9'], ': 8'],
    [['p-1', 'q'], 'no number in the name of east/events/q'],
    [['p-9007199254740993'], 'no number in the name of east/events/p-9007199254740993'],
  ])('a sequence with a gap in %j says what is missing', async (names, message) => {
    const result = find(named(...names), lookups, { expect: { sequence: captured(/p-(\d+)$/) } });
    await expect(result).rejects.toMatchObject({
      failureClass: 'Incomplete',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [['p-1', 'p-2', 'p-4'], '3 blobs were found, exactly 4 are expected; numbers are missing in the sequence: 3'],
    [['p-2', 'p-3', 'p-4'], '3 blobs were found, exactly 4 are expected; their numbers run from 2 to 4 without a gap'],
    [
      ['a-1', 'a-2', 'b-2', 'a-3', 'a-4'],
      '5 blobs were found, exactly 4 are expected; their numbers run from 1 to 4 without a gap, ' +
        'with more than one blob for 2',
    ],
    [[], '0 blobs were found, exactly 4 are expected'],
  ])('a count that is not met by %j says what the sequence shows', async (names, message) => {
    const result = find(named(...names), lookups, { expect: { blobs: 4, sequence: captured(/-(\d+)$/) } });
    await expect(result).rejects.toMatchObject({ failureClass: 'Incomplete', message });
  });

  it('a sequence is one of numbers, whatever the order of names and repeats', async () => {
    const names = ['a-9', 'a-10', 'a-11', 'b-9', 'b-8'];
    const expected = { sequence: captured(/-(\d+)$/) };
    expect(await foundBy(named(...names), lookups, { expect: expected })).toHaveLength(5);
  });

  it('a sequence whose numbers decrease in the joined order is noted, with what to do', async () => {
    const expected = { sequence: captured(/-(\d+)$/) };
    const source = named('p-1', 'p-2', 'p-10', 'p-3', ...[4, 5, 6, 7, 8, 9].map((number) => `p-${number}`));
    const notes: string[] = [];
    await find(source, lookups, { expect: expected, note: (text) => notes.push(text) });
    expect(notes).toEqual([
      'the blobs are not joined in the order of their numbers: east/events/p-10 comes before east/events/p-2; ' +
        'order: natural joins them by number',
    ]);
    await find(source, lookups, { expect: expected, order: 'natural', note: (text) => notes.push(text) });
    expect(notes).toHaveLength(1);
  });
});
