import { expect } from 'vitest';
import { watchMigration } from '../programs/await-migration.js';
import type { ProxiedRequest } from './fault-proxy.js';
import { killAtRequest } from './kill-at-request.js';
import type { LargeUnit } from '../migrations/large-unit.js';
import { checkpointOf, resumedUploads } from './resumed-upload.js';
import { expectRightOutcome } from './right-outcome.js';
import { bringUpAgain } from '../servers/stack-parts.js';
import type { ProxiedStack } from '../servers/use-proxied-stack.js';

/** Decides at which request a worker dies. `savedParts` is the number of parts in the newest checkpoint. */
export type DeathMoment = (request: ProxiedRequest, savedParts: number) => boolean;

/**
 * Moves a large unit whose worker is killed at each of these moments in turn. Expects the right object in the end, and
 * after each kill, that nothing is read or sent again beyond what the checkpoint lacks: at most the source bytes of one
 * part, the read-ahead and one blob. Returns the number of parts.
 */
export async function killWhileUploading(
  own: ProxiedStack,
  large: LargeUnit,
  moments: readonly DeathMoment[],
): Promise<number> {
  const { stack, stores, s3 } = own;
  const savedParts = (): number => {
    const last = stores.requests.findLast(({ kind, status }) => kind === 'write checkpoint' && status === 200);
    return last === undefined ? 0 : checkpointOf(last).parts.length;
  };
  const watched = watchMigration(stack, large.migration);
  const deathsMs: number[] = [];
  for (const isDue of moments) {
    deathsMs.push(await killAtRequest(own, ['workers'], (request) => isDue(request, savedParts())));
    await bringUpAgain(stack);
  }
  await watched.ended();

  const resumed = resumedUploads(large, stores.requests, deathsMs);
  console.log(resumed.map((each) => JSON.stringify(each)).join('\n'));
  const parts = savedParts();
  for (const { savedParts: saved, unsavedParts, fromBlob, blobs, parts: sent, ...repeated } of resumed) {
    expect(blobs.filter((position) => position < fromBlob)).toEqual([]);
    expect(sent.filter((number) => number <= saved)).toEqual([]);
    expect(repeated.repeatedParts).toBeLessThanOrEqual(unsavedParts);
    expect(repeated.repeatedBytes).toBeLessThanOrEqual(repeatedBytesMax(large, parts));
  }
  await expectRightOutcome(s3, large.migration);
  return parts;
}

// What src/pipeline/source/deliver-in-order.ts fetches ahead: this many blobs of at most this size.
const aheadBlobs = 16;
const aheadBlobBytesMax = 4 * 2 ** 20;

/** The stored bytes that may be read again after a kill: those of one part, the read-ahead, and one blob. */
function repeatedBytesMax({ blobs }: LargeUnit, parts: number): number {
  const sizes = blobs.map(({ bytes }) => bytes);
  const ahead = sizes.map((_size, at) =>
    sum(sizes.slice(at + 1, at + 1 + aheadBlobs).filter((bytes) => bytes <= aheadBlobBytesMax)),
  );
  // The last part is shorter.
  return sum(sizes) / (parts - 1) + Math.max(...ahead) + Math.max(...sizes);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((before, bytes) => before + bytes, 0);
}
