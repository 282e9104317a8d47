import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecords } from '../data/blob-contents.js';
import { sampling } from './process-group.js';
import { killAll, onScene, verified, type RunOptions } from './measure-run.js';

/** What a run that was killed at half had to do again. */
export interface KilledRun {
  readonly units: number;
  /** Blobs read before the kill, and those read after it although they had been read before. */
  readonly readBefore: number;
  readonly readAgain: number;
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
      .run({ ...scene, done: ignore })
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
    // What it was killed in the middle of was served all the same.
    const served = await scene.stores.served();
    const beganMs = performance.now();
    let endedMs = 0;
    await prepared.run({ ...scene, done: () => (endedMs = performance.now()) });
    const { reads } = await scene.stores.served();
    const compressed = readRecords(await readFile(contents.compressedPath));
    await verified(row, { units, raw: contents.raw, compressed }, scene.stores);
    return {
      units: units.length,
      readBefore: Math.max(readBefore, served.reads),
      readAgain: reads - blobs,
      secondsAfter: ((endedMs || performance.now()) - beganMs) / 1_000,
    };
  });
}
