import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { watchMigration } from '../support/await-migration.js';
import type { ProxiedRequest } from '../support/fault-proxy.js';
import { killAtRequest } from '../support/kill-at-request.js';
import { generateLargeUnit, type LargeUnit } from '../support/large-unit.js';
import { randomNumbers, upTo } from '../support/random-numbers.js';
import { checkpointOf, resumedUploads } from '../support/resumed-upload.js';
import { expectRightOutcome } from '../support/right-outcome.js';
import { bringUpAgain } from '../support/stack-parts.js';
import { openObject } from '../support/target-objects.js';
import { testSeed } from '../support/test-seed.js';
import { useProxiedStack } from '../support/use-proxied-stack.js';

describe('a worker killed five times while it moves one unit of more than 2 GB', () => {
  const own = useProxiedStack();

  it('goes on at the last durable part each time', async () => {
    const { stack, stores, s3 } = own;
    const large = await generateLargeUnit(own, 'large', 48);
    const watched = watchMigration(stack, large.migration);
    let further = upTo(randomNumbers(testSeed('large unit')), 6);
    const moments: readonly ((request: ProxiedRequest) => boolean)[] = [
      ({ kind, query }) => kind === 'upload part' && Number(query.get('partNumber')) >= 3,
      ({ kind }) => kind === 'read blob' && savedParts() >= 6,
      (request) => request.kind === 'write checkpoint' && checkpointOf(request).parts.length >= 10,
      () => savedParts() >= 14 && (further -= 1) < 0,
      ({ kind }) => kind === 'complete upload',
    ];
    const deaths: number[] = [];
    for (const isDue of moments) {
      deaths.push(await killAtRequest(own, ['workers'], isDue));
      await bringUpAgain(stack);
    }
    await watched.ended();

    const resumed = resumedUploads(large, stores.requests, deaths);
    console.log(resumed.map((each) => JSON.stringify(each)).join('\n'));
    const parts = savedParts();
    expect(parts).toBeGreaterThanOrEqual(20);
    const boundBytes = repeatedBytesMax(large, parts);
    for (const {
      savedParts: saved,
      unsavedParts,
      fromBlob,
      blobs,
      parts: sent,
      repeatedBytes,
      repeatedParts,
    } of resumed) {
      expect(blobs.filter((position) => position < fromBlob)).toEqual([]);
      expect(sent.filter((number) => number <= saved)).toEqual([]);
      expect(repeatedParts).toBeLessThanOrEqual(unsavedParts);
      expect(repeatedBytes).toBeLessThanOrEqual(boundBytes);
    }
    const [unit] = large.migration.expected;
    if (unit?.state !== 'done') throw new Error('the unit is expected to be done');
    expect(unit.rawBytes).toBeGreaterThanOrEqual(2e9);
    await expectRightOutcome(s3, large.migration);
    await expectGzipTakes((await openObject(s3, large.migration.bucket, unit.key)).body);

    function savedParts(): number {
      const last = stores.requests.findLast(isSaved);
      return last === undefined ? 0 : checkpointOf(last).parts.length;
    }
  });
});

function isSaved({ kind, status }: ProxiedRequest): boolean {
  return kind === 'write checkpoint' && status === 200;
}

/** Stored bytes that may be read again after a kill: one part's worth, the read-ahead, and one blob. */
function repeatedBytesMax({ blobs }: LargeUnit, parts: number): number {
  const sizes = blobs.map(({ bytes }) => bytes);
  const sum = (some: readonly number[]): number => some.reduce((before, bytes) => before + bytes, 0);
  const ahead = sizes.map((_size, at) => sum(sizes.slice(at + 1, at + 17).filter((bytes) => bytes <= 4 * 2 ** 20)));
  // The last part is not a full one.
  return sum(sizes) / (parts - 1) + Math.max(...ahead) + Math.max(...sizes);
}

/** Has the program gzip test an object; where it is not installed, zlib has read the object before. */
async function expectGzipTakes(object: Readable): Promise<void> {
  const { exitCode, stderr, code } = await execa('gzip', ['-t'], { input: object, reject: false });
  if (code !== 'ENOENT') expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}
