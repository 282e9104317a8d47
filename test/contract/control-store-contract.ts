import { expect, it } from 'vitest';
import type { ControlStore } from '../../src/control/control-store.js';
import { listKeys, overwriteStream } from '../../src/control/stored-object.js';

/**
 * What every control store promises, as tests inside a `describe`. The factory returns a store and a prefix of its
 * own.
 */
export function controlStoreContract(
  open: () => Promise<{ readonly store: ControlStore; readonly base: string }>,
): void {
  const running = new AbortController().signal;

  it('returns nothing for a key that was never written', async () => {
    const { store, base } = await open();
    expect(await store.read(`${base}/absent`, 1_000, running)).toBeUndefined();
  });

  it('returns what was written, with the ETag of the write', async () => {
    const { store, base } = await open();
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const written = await store.write(`${base}/a`, bytes, 'absent', running);
    if (written.state !== 'written') throw new Error(`the write ended as ${written.state}`);
    const read = await store.read(`${base}/a`, 1_000, running);
    expect(Buffer.from(read!.bytes).equals(bytes)).toBe(true);
    expect(read!.etag).toBe(written.etag);
  });

  it('refuses to read more bytes than the caller allows', async () => {
    const { store, base } = await open();
    await store.overwrite(`${base}/a`, Buffer.alloc(1_000), running);
    expect((await store.read(`${base}/a`, 1_000, running))!.bytes).toHaveLength(1_000);
    await expect(store.read(`${base}/a`, 999, running)).rejects.toMatchObject({ failureClass: 'LedgerMismatch' });
  });

  it('refuses to create what exists, and leaves it as it was', async () => {
    const { store, base } = await open();
    await store.write(`${base}/a`, Buffer.from('first'), 'absent', running);
    expect(await store.write(`${base}/a`, Buffer.from('second'), 'absent', running)).toEqual({ state: 'refused' });
    expect(Buffer.from((await store.read(`${base}/a`, 1_000, running))!.bytes).toString()).toBe('first');
  });

  it('replaces only the version whose ETag is given', async () => {
    const { store, base } = await open();
    const first = await store.write(`${base}/a`, Buffer.from('first'), 'absent', running);
    if (first.state !== 'written') throw new Error(`the write ended as ${first.state}`);
    const second = await store.write(`${base}/a`, Buffer.from('second'), { etag: first.etag }, running);
    expect(second.state).toBe('written');
    expect(await store.write(`${base}/a`, Buffer.from('late'), { etag: first.etag }, running)).toEqual({
      state: 'refused',
    });
    expect(Buffer.from((await store.read(`${base}/a`, 1_000, running))!.bytes).toString()).toBe('second');
  });

  it('refuses to replace what is gone', async () => {
    const { store, base } = await open();
    const first = await store.write(`${base}/a`, Buffer.from('first'), 'absent', running);
    if (first.state !== 'written') throw new Error(`the write ended as ${first.state}`);
    await store.delete(`${base}/a`, running);
    expect(await store.write(`${base}/a`, Buffer.from('late'), { etag: first.etag }, running)).toEqual({
      state: 'refused',
    });
    expect(await store.read(`${base}/a`, 1_000, running)).toBeUndefined();
  });

  it('lets one of several writers create an object', async () => {
    const { store, base } = await open();
    const writers = Array.from({ length: 6 }, (_unused, writer) =>
      store.write(`${base}/claim`, Buffer.from(`writer ${writer}`), 'absent', running),
    );
    const states = (await Promise.all(writers)).map(({ state }) => state);
    expect(states.sort()).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'written']);
  });

  it('overwrites whatever is there, empty bodies too', async () => {
    const { store, base } = await open();
    await store.overwrite(`${base}/a`, Buffer.from('first'), running);
    await store.overwrite(`${base}/a`, Buffer.alloc(0), running);
    expect((await store.read(`${base}/a`, 1_000, running))!.bytes).toHaveLength(0);
  });

  it.each([
    ['no bytes', []],
    ['a few bytes', [3, 5]],
    ['exactly one part', [8 * 1024 * 1024]],
    ['three parts', Array.from({ length: 17 }, (_unused, piece) => 1024 * 1024 + piece)],
  ])('writes a stream of %s, and reads it back as one', async (_title, lengths) => {
    const { store, base } = await open();
    const pieces = lengths.map((length, piece) => Buffer.alloc(length, piece + 1));
    await store.overwrite(`${base}/s`, Buffer.from('earlier'), running);
    await overwriteStream(store, { key: `${base}/s`, pieces: streamOf(pieces) }, running);
    expect(Buffer.concat(await collect(store.readStream(`${base}/s`, running))).equals(Buffer.concat(pieces))).toBe(
      true,
    );
  });

  it('keeps what was there when a stream breaks off', async () => {
    const { store, base } = await open();
    const reason = new Error('the source broke off');
    const pieces = streamOf([Buffer.alloc(9 * 1024 * 1024), Buffer.alloc(9 * 1024 * 1024)], reason);
    await store.overwrite(`${base}/s`, Buffer.from('earlier'), running);
    await expect(overwriteStream(store, { key: `${base}/s`, pieces }, running)).rejects.toBe(reason);
    expect(Buffer.concat(await collect(store.readStream(`${base}/s`, running))).toString()).toBe('earlier');
  });

  it('finds no stream when there is no object', async () => {
    const { store, base } = await open();
    await expect(collect(store.readStream(`${base}/absent`, running))).rejects.toMatchObject({
      failureClass: 'TargetRace',
    });
  });

  it('lists the keys below a prefix, over pages, and nothing else', async () => {
    const { store, base } = await open();
    const keys = [`${base}/l/a`, `${base}/l/a-b`, `${base}/l/b/c`, `${base}/l/ä+ &`];
    for (const key of [...keys, `${base}/other`]) await store.overwrite(key, Buffer.from('x'), running);
    const listed: string[] = [];
    for await (const key of listKeys(store, `${base}/l/`, running)) listed.push(key);
    expect(listed.sort()).toEqual(keys.sort());
  });

  it('deletes, and does not complain about what is already gone', async () => {
    const { store, base } = await open();
    await store.overwrite(`${base}/a`, Buffer.from('x'), running);
    await store.delete(`${base}/a`, running);
    await store.delete(`${base}/a`, running);
    expect(await store.read(`${base}/a`, 1_000, running)).toBeUndefined();
  });

  it('rejects with the reason of an aborted signal', async () => {
    const { store, base } = await open();
    const reason = new Error('the worker shuts down');
    const aborted = AbortSignal.abort(reason);
    await expect(store.read(`${base}/a`, 1_000, aborted)).rejects.toBe(reason);
    await expect(store.write(`${base}/a`, Buffer.from('x'), 'absent', aborted)).rejects.toBe(reason);
    await expect(store.overwrite(`${base}/a`, Buffer.from('x'), aborted)).rejects.toBe(reason);
    await expect(store.delete(`${base}/a`, aborted)).rejects.toBe(reason);
    const stream = { key: `${base}/a`, pieces: streamOf([Buffer.from('x')]) };
    await expect(overwriteStream(store, stream, aborted)).rejects.toBe(reason);
    await expect(collect(store.readStream(`${base}/a`, aborted))).rejects.toBe(reason);
  });
}

async function* streamOf(pieces: readonly Uint8Array[], thenThrows?: Error): AsyncGenerator<Uint8Array> {
  yield* pieces;
  if (thenThrows !== undefined) throw thenThrows;
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const collected: Uint8Array[] = [];
  for await (const piece of pieces) collected.push(piece);
  return collected;
}
