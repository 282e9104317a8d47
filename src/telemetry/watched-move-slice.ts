import type { SliceBeat, SliceResult } from '../domain/slice-report.js';
import type { SliceJob, UnitWatch } from '../pipeline/slice/slice-job.js';

/** Watches one attempt at a slice. Its methods cost next to nothing, and never throw. */
export interface SliceWatch extends UnitWatch {
  /** Where the attempt stands; about once a second. */
  beat(beat: SliceBeat): void;
  /** The attempt has ended, or has failed as a whole. */
  ended(end: SliceEnd): void;
}

/** How an attempt at a slice ended. */
export type SliceEnd = { readonly result: SliceResult } | { readonly error: unknown; readonly aborted: boolean };

/** Begins to watch an attempt at a slice. */
export type WatchSlice = (job: Pick<SliceJob, 'task' | 'resources'>) => SliceWatch;

/** Returns a `moveSlice` whose attempts are watched. */
export function watchedMoveSlice(
  moveSlice: (job: SliceJob) => Promise<SliceResult>,
  watchers: readonly WatchSlice[],
): (job: SliceJob) => Promise<SliceResult> {
  return async (job) => {
    const watches = watchers.map((watch) => watch(job));
    const watched: SliceJob = {
      ...job,
      watch: {
        tried: (ended) => {
          for (const watch of watches) watch.tried(ended);
        },
        recorded: (receipt) => {
          for (const watch of watches) watch.recorded(receipt);
        },
      },
      beat: (beat) => {
        job.beat(beat);
        for (const watch of watches) watch.beat(beat);
      },
    };
    let end: SliceEnd | undefined;
    try {
      const result = await moveSlice(watched);
      end = { result };
      return result;
    } catch (error) {
      end = { error, aborted: job.signal.aborted };
      throw error;
    } finally {
      for (const watch of watches) if (end !== undefined) watch.ended(end);
    }
  };
}
