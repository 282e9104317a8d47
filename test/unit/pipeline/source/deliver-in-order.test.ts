import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { deliverInOrder } from '../../../../src/pipeline/source/deliver-in-order.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { joinAll } from '../../../support/fakes/async-bytes.js';
import { MemoryBlobSource } from '../../../support/fakes/memory-blob-source.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const MiB = 1024 * 1024;
const never = new AbortController().signal;

function blobsOf(sizes: readonly number[], source = new MemoryBlobSource()) {
  const blobs = sizes.map((size, index) =>
    source.add({ account: 'east', container: 'c', name: String(index) }, Buffer.alloc(size, index)),
  );
  return { source, blobs };
}

describe('deliverInOrder', () => {
  it('delivers blobs just below and above the streaming limit in order, even with no budget at all', async () => {
    const sizes = [4 * MiB - 1, 4 * MiB, 4 * MiB + 1, 0, 1];
    for (const aheadBytes of [0, 5 * MiB, 100 * MiB]) {
      const { source, blobs } = blobsOf(sizes);
      const resources = createProcessResources({ aheadBytes });
      const got: (readonly [string, number])[] = [];
      for await (const { blob, body } of deliverInOrder(blobs, source, resources, never)) {
        const bytes = await joinAll(body);
        expect(bytes.every((byte) => byte === Number(blob.name))).toBe(true);
        got.push([blob.name, bytes.length]);
      }
      expect(got).toEqual(sizes.map((size, index) => [String(index), size]));
      expect(source.requests.count('open')).toBe(sizes.length);
      expect(resources.ahead.usedBytes).toBe(0);
    }
  });

  it('asks for a bounded number of blobs ahead of the reader', async () => {
    const { source, blobs } = blobsOf(Array<number>(100).fill(10));
    const delivery = deliverInOrder(blobs, source, createProcessResources({}), never);
    for (let read = 1; read <= 100; read += 1) {
      const next = await delivery.next();
      await joinAll(next.value!.body);
      expect(source.requests.count('open')).toBeLessThanOrEqual(read - 1 + 16);
    }
    await delivery.return(undefined);
  });

  it('holds no more bytes ahead than the budget has', async () => {
    const { source, blobs } = blobsOf(Array<number>(20).fill(1_000));
    const resources = createProcessResources({ aheadBytes: 3_500 });
    const delivery = deliverInOrder(blobs, source, resources, never);
    const first = await delivery.next();
    expect(resources.ahead.usedBytes).toBe(3_000);
    expect(source.requests.count('open')).toBe(3);
    await joinAll(first.value!.body);
    await delivery.return(undefined);
    expect(resources.ahead.usedBytes).toBe(0);
  });

  it('continues while other units hold the whole budget', async () => {
    const { source, blobs } = blobsOf([10, 20, 30]);
    const resources = createProcessResources({ aheadBytes: 100 });
    resources.ahead.tryAcquire(100);
    let delivered = 0;
    for await (const { body } of deliverInOrder(blobs, source, resources, never))
      delivered += (await joinAll(body)).length;
    expect(delivered).toBe(60);
    expect(resources.ahead.usedBytes).toBe(100);
  });

  it('ended early, cancels what is under way and releases the budget', async () => {
    const held: AbortSignal[] = [];
    const { source, blobs } = blobsOf(Array<number>(10).fill(100));
    const open = source.open.bind(source);
    source.open = (blob, signal, offset) => {
      if (blob.name === '0') return open(blob, signal, offset);
      held.push(signal);
      return stuck(signal);
    };
    const resources = createProcessResources({});
    const delivery = deliverInOrder(blobs, source, resources, never);
    await delivery.next();
    expect(resources.ahead.usedBytes).toBe(1_000);
    await delivery.return(undefined);
    expect(held.length).toBe(9);
    expect(held.every((signal) => signal.aborted)).toBe(true);
    expect(resources.ahead.usedBytes).toBe(0);
  });

  it('aborted, rejects with the reason of the signal and releases the budget', async () => {
    const controller = new AbortController();
    const reason = new Error('shutdown');
    const { source, blobs } = blobsOf([10, 10, 10]);
    source.open = (_blob, signal) => stuck(signal);
    const resources = createProcessResources({});
    const next = deliverInOrder(blobs, source, resources, controller.signal).next();
    setImmediate(() => controller.abort(reason));
    await expect(next).rejects.toBe(reason);
    expect(resources.ahead.usedBytes).toBe(0);
  });

  it('fails with the failure of the blob that is next, in its turn, and releases the budget', async () => {
    const { source, blobs } = blobsOf([10, 20, 30]);
    source.requests.hook = ({ name }) =>
      name === 'east/c/1' ? { failure: new Failure('SourceMissing', 'gone') } : undefined;
    const resources = createProcessResources({});
    const delivery = deliverInOrder(blobs, source, resources, never);
    const first = await delivery.next();
    expect(await joinAll(first.value!.body)).toHaveLength(10);
    await expect(delivery.next()).rejects.toMatchObject({ failureClass: 'SourceMissing' });
    expect(resources.ahead.usedBytes).toBe(0);
  });

  it('delivers nothing of no blobs', async () => {
    expect((await deliverInOrder([], new MemoryBlobSource(), createProcessResources({}), never).next()).done).toBe(
      true,
    );
  });
});

async function* stuck(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1);
  await new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
