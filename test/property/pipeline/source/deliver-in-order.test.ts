import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import type { BlobSource } from '../../../../src/pipeline/source/blob-source.js';
import { deliverInOrder } from '../../../../src/pipeline/source/deliver-in-order.js';
import { streamBlob } from '../../../../src/pipeline/source/fetch-blob.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { cutAt, joinAll, noise } from '../../../support/fakes/async-bytes.js';
import { MemoryBlobSource } from '../../../support/fakes/memory-blob-source.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(1_000);

const never = new AbortController().signal;
const limit = 4 * 1024 * 1024;

interface Body {
  readonly size: number;
  readonly cuts: readonly number[];
  readonly turns: readonly number[];
}

const size = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: limit - 2, max: limit + 2 }) },
);
const body: fc.Arbitrary<Body> = fc.record({
  size,
  cuts: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 10 }),
  turns: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }),
});

const big = noise(limit + 64);
const bytesOf = (index: number, length: number): Buffer => big.subarray(index, index + length);

/** A source whose bodies come in the given pieces, each after a given number of turns of the event loop. */
function scriptedSource(bodies: readonly Body[]): {
  readonly source: BlobSource;
  readonly blobs: readonly SourceBlob[];
} {
  const blobs = bodies.map((each, index) => ({
    account: 'east',
    container: 'c',
    name: String(index),
    etag: `"${index}"`,
    bytes: each.size,
    md5: null,
  }));
  const memory = new MemoryBlobSource();
  const source: BlobSource = {
    listPage: (place, from, signal) => memory.listPage(place, from, signal),
    head: (name, signal) => memory.head(name, signal),
    async *open(blob, signal) {
      const index = Number(blob.name);
      const { cuts, turns, size: length } = bodies[index]!;
      for (const [position, piece] of cutAt(bytesOf(index, length), cuts).entries()) {
        for (let turn = turns[position % turns.length]!; turn > 0; turn -= 1) await new Promise(setImmediate);
        signal.throwIfAborted();
        yield piece;
      }
    },
  };
  return { source, blobs };
}

describe('deliverInOrder', () => {
  it('delivers blobs in order for any delays, pieces, sizes and budget, and releases the budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { maxLength: 24 }),
        fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000 }), fc.constant(1 << 30)),
        fc.integer({ min: 1, max: 4 }),
        async (bodies, aheadBytes, requests) => {
          const { source, blobs } = scriptedSource(bodies);
          const resources = createProcessResources({ aheadBytes });
          resources.sourceRequests.concurrency = requests;
          const got: Buffer[] = [];
          for await (const delivered of deliverInOrder(blobs, source, resources, never)) {
            expect(resources.ahead.usedBytes).toBeLessThanOrEqual(aheadBytes);
            got.push(await joinAll(delivered.body));
          }
          const expected = Buffer.concat(bodies.map((each, index) => bytesOf(index, each.size)));
          expect(Buffer.concat(got).equals(expected)).toBe(true);
          expect(resources.ahead.usedBytes).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('releases the budget wherever the reader stops, and leaves no request open', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 20 }), fc.nat(20), async (bodies, stopAfter) => {
        const { source, blobs } = scriptedSource(bodies);
        const resources = createProcessResources({ aheadBytes: 500 });
        let read = 0;
        for await (const delivered of deliverInOrder(blobs, source, resources, never)) {
          if (read === stopAfter) break;
          read += 1;
          await joinAll(delivered.body);
        }
        expect(resources.ahead.usedBytes).toBe(0);
        expect(resources.sourceRequests.activeCount).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('streamBlob', () => {
  it('delivers equal bytes however often and wherever the body breaks', async () => {
    const bytes = noise(3_000, 7);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 900 }),
        async (breaks, pieceBytes) => {
          const source = new MemoryBlobSource({
            pieceBytes,
            hook: ({ count }) =>
              count < breaks.length
                ? { failure: new Failure('SourceNetwork/ShortRead', 'broken'), after: breaks[count]! }
                : undefined,
          });
          const blob = source.add({ account: 'east', container: 'c', name: 'a' }, bytes);
          expect(bytes.equals(await joinAll(streamBlob(source, blob, never)))).toBe(true);
          // Each request continues where the one before broke off, and none is made once all bytes are there.
          expect(source.requests.count('open')).toBe(requestsNeeded(breaks, bytes.length));
        },
      ),
      { numRuns: 100 },
    );
  });
});

function requestsNeeded(breaks: readonly number[], bytes: number): number {
  let left = bytes;
  for (const [index, after] of breaks.entries()) {
    left -= Math.min(after, left);
    if (left === 0) return index + 1;
  }
  return breaks.length + 1;
}
