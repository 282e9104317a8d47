import { CancellationScope, CancelledFailure, condition, isCancellation } from '@temporalio/workflow';

/** Jobs for {@link runWindow}. All but `run` are asked again after every event of the workflow. */
export interface WindowJobs<Job> {
  /** Gives the next job that may start now, or undefined. */
  take(): Job | undefined;
  /** Tells whether `take` would give one. */
  ready(): boolean;
  /** Tells whether `take` may give one later although nothing runs, because something waits for a timer. */
  waiting(): boolean;
  /** How many jobs may run at once; may change at any time. */
  width(): number;
  run(job: Job): Promise<void>;
}

/**
 * Runs jobs, at most `width()` at once, and starts the next as soon as one has ended. The first failure stops it: `onFailure` is called
 * before anything is waited for, the other jobs are cancelled, and when all have ended it rejects with that failure. A cancel from
 * outside is passed on to the jobs; when all have ended it rejects with a CancelledFailure, whatever they said.
 */
export async function runWindow<Job>(jobs: WindowJobs<Job>, onFailure?: (failure: unknown) => void): Promise<void> {
  const outside = CancellationScope.current();
  const failures: unknown[] = [];
  let running = 0;

  await CancellationScope.cancellable(async () => {
    const inside = CancellationScope.current();
    const stopped = () => inside.consideredCancelled;
    const idle = () => running === 0 && !jobs.ready() && !jobs.waiting();

    async function runOne(job: Job): Promise<void> {
      running += 1;
      try {
        await jobs.run(job);
      } catch (failure) {
        // After a cancel a job's failure is only its echo.
        if (!stopped()) {
          failures.push(failure);
          onFailure?.(failure);
          inside.cancel();
        }
      } finally {
        running -= 1;
      }
    }

    try {
      while (!idle()) {
        for (let job = nextJob(); job !== undefined; job = nextJob()) void runOne(job);
        await condition(() => idle() || (running < jobs.width() && jobs.ready()));
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
    await CancellationScope.nonCancellable(() => condition(() => running === 0));

    function nextJob(): Job | undefined {
      return running < jobs.width() ? jobs.take() : undefined;
    }
  });

  if (outside.consideredCancelled) throw new CancelledFailure('cancelled while its parts were running');
  if (failures.length > 0) throw failures[0];
}
