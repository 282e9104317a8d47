import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type BombMove, bombBlockBytes, type MovedBomb } from '../../../support/programs/move-bomb.js';

const MiB = 1024 * 1024;
const pieceBytes = 128 * 1024;

describe('a unit whose blob is a bomb, moved by a process of its own', () => {
  it('is moved whole where its limits allow: 50 bytes to 46 MB', () => {
    const moved = moveInChild({ blocks: 1 });
    expect(moved.blobBytes).toBeLessThan(60);
    expect(moved).toMatchObject({ state: 'done', rawBytes: bombBlockBytes, unpackedBytes: bombBlockBytes });
    expect(moved.grownBytes).toBeLessThan(64 * MiB);
  });

  it('fails by its expansion under the default limits, before 64 MiB are out: 1 GB in less than a kilobyte', () => {
    const moved = moveInChild({ blocks: 22 });
    expect(moved.blobBytes).toBeLessThan(1000);
    expect(moved).toMatchObject({ state: 'failed', class: 'LimitExceeded/Expansion', objects: 0 });
    expect(moved.movedBytes).toBeLessThanOrEqual(64 * MiB);
    expect(moved.movedBytes).toBeGreaterThan(64 * MiB - pieceBytes);
    expect(moved.grownBytes).toBeLessThan(64 * MiB);
  });

  it.each([
    { limits: { blobBytes: 10_000_000 }, failureClass: 'LimitExceeded/BlobBytes' },
    { limits: { unitBytes: 10_000_000 }, failureClass: 'LimitExceeded/UnitBytes' },
  ])('fails with $failureClass as soon as that small limit is passed', ({ limits, failureClass }) => {
    const moved = moveInChild({ blocks: 22, limits });
    expect(moved).toMatchObject({ state: 'failed', class: failureClass, objects: 0 });
    expect(moved.movedBytes).toBeLessThanOrEqual(10_000_000);
    expect(moved.movedBytes).toBeGreaterThan(10_000_000 - pieceBytes);
    expect(moved.grownBytes).toBeLessThan(64 * MiB);
  });

  it('is moved whole, in memory that stays flat, when more than 4 GB are allowed', () => {
    const blocks = 94;
    const moved = moveInChild({ blocks, limits: { expansion: 1e12 } });
    const rawBytes = blocks * bombBlockBytes;
    expect(rawBytes).toBeGreaterThan(2 ** 32);
    expect(moved).toMatchObject({ state: 'done', rawBytes, unpackedBytes: rawBytes });
    expect(moved.grownBytes).toBeLessThan(64 * MiB);
  }, 600_000);
});

function moveInChild(move: BombMove): MovedBomb {
  const top = new URL('../../../../', import.meta.url).pathname;
  const output = execFileSync(
    process.execPath,
    [
      '--expose-gc',
      'test/support/programs/run-in-child.mjs',
      './test/support/programs/move-bomb.ts',
      JSON.stringify(move),
    ],
    { cwd: top, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(output) as MovedBomb;
}
