import type { SliceBeat, SliceResult } from '../domain/figures/slice-report.js';
import type { SliceJob, UnitWatch } from '../pipeline/slice/slice-job.js';

/** Watches one attempt at a slice. Its methods cost next to nothing. */
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

/**
 * Returns a `moveSlice` whose attempts are watched. An error of a watcher goes to `onProblem`: no unit waits or fails
 * because of it.
 */
export function watchedMoveSlice(
  moveSlice: (job: SliceJob) => Promise<SliceResult>,
  watchers: readonly WatchSlice[],
  onProblem: (error: unknown) => void,
): (job: SliceJob) => Promise<SliceResult> {
  return async (job) => {
    const watches = watchers.map((watch) => watch(job));
    const tell = <Method extends keyof SliceWatch>(method: Method, value: Parameters<SliceWatch[Method]>[0]): void => {
      for (const watch of watches) {
        try {
          (watch[method] as (told: typeof value) => void)(value);
        } catch (error) {
          onProblem(error);
        }
      }
    };
    const watched: SliceJob = {
      ...job,
      watch: { tried: (ended) => tell('tried', ended), recorded: (receipt) => tell('recorded', receipt) },
      beat: (beat) => {
        job.beat(beat);
        tell('beat', beat);
      },
    };
    try {
      const result = await moveSlice(watched);
      tell('ended', { result });
      return result;
    } catch (error) {
      tell('ended', { error, aborted: job.signal.aborted });
      throw error;
    }
  };
}
