import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecords } from '../data/blob-contents.js';
import { sampling } from './process-group.js';
import { killAll, onScene, verified, type RunOptions } from './measure-run.js';

/** What a run that was killed at half had to do again. */
export interface KilledRun {
  readonly units: number;
  /** Blobs that had been read when it was killed. */
  readonly readBefore: number;
  /** Of these, how many were read once more, and their bytes. */
  readonly readAgain: number;
  readonly bytesAgain: number;
  /** Requests that the source answered before and after the kill. */
  readonly requests: number;
  /** Bytes that were sent to the target before and after the kill. */
  readonly written: number;
  /** From the second start to the end. */
  readonly secondsAfter: number;
}

/** Kills all processes of a program with `kill -9` once half of the blobs have been read, and runs it again. */
export async function killAtHalf(options: RunOptions): Promise<KilledRun> {
  const { row, prepared, units, contents } = options;
  const blobs = units.reduce((sum, unit) => sum + unit.blobs.length, 0);
  return await onScene(options, async (scene, group) => {
    const state = { ended: false };
    const ignore = (): void => undefined;
    const first = prepared
      .run({ ...scene, done: ignore, phase: ignore })
      // It was killed.
      .catch(ignore)
      .finally(() => (state.ended = true));
    const readBefore = await sampling(group, async () => {
      for (;;) {
        const { reads } = await scene.stores.served();
        if (reads >= blobs / 2 || state.ended) return reads;
        await sleep(20);
      }
    });
    await killAll(group);
    await first;
    // What the killed run was in the middle of has been served too.
    const served = await scene.stores.served();
    const beganMs = performance.now();
    let endedMs = 0;
    await prepared.run({ ...scene, done: () => (endedMs = performance.now()), phase: ignore });
    const { lists, reads, readsAgain, bytesAgain, written } = await scene.stores.served();
    const compressed = readRecords(await readFile(contents.compressedPath));
    await verified(row, { units, raw: contents.raw, compressed }, scene.stores);
    return {
      units: units.length,
      readBefore: Math.max(readBefore, served.reads),
      ...{ readAgain: readsAgain, bytesAgain, requests: lists + reads, written },
      secondsAfter: ((endedMs || performance.now()) - beganMs) / 1_000,
    };
  });
}
