import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { SourceBlob } from '../../src/domain/manifest.js';
import type { BlobName, BlobPlace, BlobSource, ListedBlob, PageStart } from '../../src/pipeline/source/blob-source.js';
import { listPages } from '../../src/pipeline/source/list-pages.js';

/** A source under test and the means to fill it. Every call of the factory returns a container of its own. */
export interface SourceBench {
  readonly source: BlobSource;
  readonly account: string;
  readonly container: string;
  /** Stores a blob with its MD5; returns nothing, because the source has to say what it became. */
  add(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Makes what a hierarchical namespace calls a directory. */
  addDirectory(name: string): Promise<void>;
}

/** What every blob source promises, as tests inside a `describe`. */
export function blobSourceContract(open: () => Promise<SourceBench>): void {
  const running = new AbortController().signal;

  it('lists every blob below a prefix once, with size, ETag and MD5', async () => {
    const { source, account, container, add } = await open();
    const body = Buffer.from('one line\n');
    await add('t1/2024/a.bz2', body);
    await add('t1/2024/b.bz2', Buffer.alloc(70_000, 7));
    await add('t2/2024/a.bz2', body);
    const listed = await listAll(source, { account, container, prefix: 't1/' }, running);
    expect(listed.map(({ name, bytes }) => [name, bytes]).sort()).toEqual([
      ['t1/2024/a.bz2', body.length],
      ['t1/2024/b.bz2', 70_000],
    ]);
    const first = listed.find(({ name }) => name === 't1/2024/a.bz2')!;
    expect(first.md5).toBe(createHash('md5').update(body).digest('base64'));
    expect(first.etag).toMatch(/^".+"$/);
    expect(first.lastModifiedMs).toBeGreaterThan(0);
  });

  it('lists page after page from where the previous one ended, and repeats a page on request', async () => {
    const { source, account, container, add } = await open();
    const names = ['p/0', 'p/1', 'p/2', 'p/3', 'p/4', 'q'];
    for (const name of names) await add(name, Buffer.from('x'));
    const place = { account, container, prefix: 'p/' };
    const pages: string[][] = [];
    for (let from: PageStart | undefined = { blobsMax: 2 }; from !== undefined;) {
      const page = await source.listPage(place, from, running);
      expect(await source.listPage(place, JSON.parse(JSON.stringify(from)) as PageStart, running)).toEqual(page);
      expect(page.blobs.length).toBeLessThanOrEqual(2);
      pages.push(page.blobs.map(({ name }) => name));
      from = page.next;
    }
    expect(pages.length).toBeGreaterThanOrEqual(3);
    expect(pages.flat().sort()).toEqual(names.slice(0, 5));
  });

  it('lists what comes after a page even if earlier blobs are gone and new ones have come', async () => {
    const { source, account, container, add, remove } = await open();
    for (const name of ['p/2', 'p/4', 'p/6']) await add(name, Buffer.from('x'));
    const place = { account, container, prefix: 'p/' };
    const first = await source.listPage(place, { blobsMax: 2 }, running);
    await remove('p/4');
    for (const name of ['p/1', 'p/5']) await add(name, Buffer.from('x'));
    const second = await source.listPage(place, first.next!, running);
    expect([first, second].map(({ blobs }) => blobs.map(({ name }) => name))).toEqual([
      ['p/2', 'p/4'],
      ['p/5', 'p/6'],
    ]);
  });

  it('lists nothing below a prefix that no blob has', async () => {
    const { source, account, container, add } = await open();
    await add('present', Buffer.from('x'));
    expect(await listAll(source, { account, container, prefix: 'absent/' }, running)).toEqual([]);
  });

  it('reports a container that does not exist as missing, in a listing and in a look-up', async () => {
    const { source, account } = await open();
    const place = { account, container: 'no-such-container' };
    await expect(listAll(source, { ...place, prefix: '' }, running)).rejects.toMatchObject({
      failureClass: 'SourceMissing',
    });
    await expect(source.head({ ...place, name: 'x' }, running)).rejects.toMatchObject({
      failureClass: 'SourceMissing',
    });
  });

  it('describes one blob by its name as a listing does', async () => {
    const { source, account, container, add } = await open();
    await add('exact/name.bz2', Buffer.from('body'));
    const [listed] = await listAll(source, { account, container, prefix: 'exact/' }, running);
    expect(await source.head({ account, container, name: 'exact/name.bz2' }, running)).toEqual(listed);
    expect(await source.head({ account, container, name: 'exact/other.bz2' }, running)).toBeUndefined();
  });

  it('returns the whole body of large, small and empty blobs, and under odd names', async () => {
    const { source, account, container, add } = await open();
    const bodies = new Map([
      ['large', Buffer.from(Array.from({ length: 400_000 }, (_unused, index) => index % 251))],
      ['small', Buffer.from('x')],
      ['empty', Buffer.alloc(0)],
      ['odd/ä %2e%2e ?#&+ //x', Buffer.from('odd')],
    ]);
    for (const [name, body] of bodies) await add(name, body);
    for (const [name, body] of bodies) {
      const pieces = await collect(source.open(await find(source, { account, container, name }), running));
      expect(Buffer.concat(pieces).equals(body), name).toBe(true);
      expect(pieces.every((piece) => piece.length > 0)).toBe(true);
    }
  });

  it('reads small blobs at once, if it does that at all, as it yields them, and refuses the same', async () => {
    const { source, account, container, add, remove } = await open();
    const { read } = source;
    if (read === undefined) return;
    const bodies = [Buffer.alloc(400_000, 'body'), Buffer.from('x'), Buffer.alloc(0)];
    for (const [index, body] of bodies.entries()) {
      await add(`at-once/${String(index)}`, body);
      const listed = await find(source, { account, container, name: `at-once/${String(index)}` });
      expect(Buffer.from((await read(listed, running)).bytes).equals(body), String(index)).toBe(true);
    }
    const listed = await find(source, { account, container, name: 'at-once/1' });
    const md5 = createHash('md5').update('other').digest('base64');
    const refused = (blob: SourceBlob) => read(blob, running);
    await expect(refused({ ...listed, md5 })).rejects.toMatchObject({ failureClass: 'SourceMd5Mismatch' });
    await expect(refused({ ...listed, bytes: 3 })).rejects.toMatchObject({ failureClass: 'SourceLengthMismatch' });
    const reason = new Error('the worker shuts down');
    await expect(read(listed, AbortSignal.abort(reason))).rejects.toBe(reason);
    await add('at-once/1', Buffer.from('other'));
    await expect(refused(listed)).rejects.toMatchObject({ failureClass: 'SourceChanged' });
    await remove('at-once/1');
    await expect(refused(listed)).rejects.toMatchObject({ failureClass: 'SourceMissing' });
  });

  it('refuses a version of a blob other than the one listed', async () => {
    const { source, account, container, add } = await open();
    await add('changing', Buffer.from('first'));
    const listed = await find(source, { account, container, name: 'changing' });
    await add('changing', Buffer.from('other'));
    await expect(collect(source.open(listed, running))).rejects.toMatchObject({
      failureClass: 'SourceChanged',
      blob: `${account}/${container}/changing`,
    });
  });

  it('reports a blob that was deleted since its listing as missing', async () => {
    const { source, account, container, add, remove } = await open();
    await add('leaving', Buffer.from('body'));
    const listed = await find(source, { account, container, name: 'leaving' });
    await remove('leaving');
    await expect(collect(source.open(listed, running))).rejects.toMatchObject({ failureClass: 'SourceMissing' });
  });

  it('refuses bytes that do not match the MD5 of the listing', async () => {
    const { source, account, container, add } = await open();
    await add('sum', Buffer.from('body'));
    const listed = await find(source, { account, container, name: 'sum' });
    const md5 = createHash('md5').update('other').digest('base64');
    await expect(collect(source.open({ ...listed, md5 }, running))).rejects.toMatchObject({
      failureClass: 'SourceMd5Mismatch',
    });
  });

  it('refuses a blob that is not as long as its listing says', async () => {
    const { source, account, container, add } = await open();
    await add('length', Buffer.from('body'));
    const listed = await find(source, { account, container, name: 'length' });
    await expect(collect(source.open({ ...listed, bytes: 3 }, running))).rejects.toMatchObject({
      failureClass: 'SourceLengthMismatch',
    });
  });

  it('returns a body from an offset on, and nothing from its end on', async () => {
    const { source, account, container, add } = await open();
    const body = Buffer.from(Array.from({ length: 300_000 }, (_unused, index) => index % 251));
    await add('resumed', body);
    const listed = await find(source, { account, container, name: 'resumed' });
    for (const offset of [1, 123_456, body.length - 1, body.length]) {
      const rest = Buffer.concat(await collect(source.open(listed, running, offset)));
      expect(rest.equals(body.subarray(offset)), String(offset)).toBe(true);
    }
  });

  it('refuses another version at an offset too', async () => {
    const { source, account, container, add } = await open();
    await add('changing', Buffer.from('first'));
    const listed = await find(source, { account, container, name: 'changing' });
    await add('changing', Buffer.from('other'));
    await expect(collect(source.open(listed, running, 2))).rejects.toMatchObject({ failureClass: 'SourceChanged' });
  });

  it('skips directories, in listings and under their exact names', async () => {
    const { source, account, container, add, addDirectory } = await open();
    await add('tree/leaf.bz2', Buffer.from('body'));
    await add('tree/empty', Buffer.alloc(0));
    await addDirectory('tree/branch');
    const listed = await listAll(source, { account, container, prefix: 'tree/' }, running);
    expect(listed.map(({ name }) => name).sort()).toEqual(['tree/empty', 'tree/leaf.bz2']);
    expect(await source.head({ account, container, name: 'tree/branch' }, running)).toBe('directory');
  });

  it('can be abandoned in the middle of a body and read again', async () => {
    const { source, account, container, add } = await open();
    const body = Buffer.alloc(3_000_000, 1);
    await add('again', body);
    const listed = await find(source, { account, container, name: 'again' });
    for await (const piece of source.open(listed, running)) {
      expect(piece.length).toBeLessThan(body.length);
      break;
    }
    expect(Buffer.concat(await collect(source.open(listed, running))).equals(body)).toBe(true);
  });

  it('rejects with the reason of a signal that is aborted before or during a request', async () => {
    const { source, account, container, add } = await open();
    await add('stopped', Buffer.alloc(3_000_000, 1));
    const listed = await find(source, { account, container, name: 'stopped' });
    const reason = new Error('the worker shuts down');
    const aborted = AbortSignal.abort(reason);
    await expect(listAll(source, { account, container, prefix: '' }, aborted)).rejects.toBe(reason);
    await expect(source.head({ account, container, name: 'stopped' }, aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _piece of source.open(listed, controller.signal)) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });
}

/** Returns a blob as a manifest would hold it. */
export async function find(source: BlobSource, name: BlobName): Promise<SourceBlob> {
  const listed = (await source.head(name, new AbortController().signal)) as ListedBlob;
  return { ...name, etag: listed.etag, bytes: listed.bytes, md5: listed.md5 };
}

/** Lists all pages below a prefix. */
export async function listAll(
  source: Pick<BlobSource, 'listPage'>,
  place: BlobPlace,
  signal: AbortSignal,
): Promise<ListedBlob[]> {
  return (await collect(listPages(source, place, signal))).flatMap(({ blobs }) => [...blobs]);
}

/** Collects all that an iteration yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
