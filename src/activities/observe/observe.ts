import { setTimeout as wait } from 'node:timers/promises';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Moment } from '../../domain/moment.js';
import { endsSoon } from '../../domain/ends-soon.js';
import type { ObservedProgress, Progress } from '../../domain/figures/progress.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities, ObserveInput } from '../activity-messages.js';
import { startBeating } from '../beating.js';
import { interruptionOf } from '../interruption.js';
import { rootOf } from '../root-of.js';
import type { PaceState } from './pace.js';
import { MigrationWatch, type WatchedBefore } from './migration-watch.js';
import { nextSignal, nothingSignalled, type Signalled } from './signal-policy.js';

/** The heartbeat of `observe`, below 10 KiB: what people are shown, and what the next attempt has to know. */
export interface ObserveBeat extends Progress {
  /** Not sent to the root, whose history it would swell. */
  readonly moment?: Moment;
  readonly pace?: PaceState;
  /** What the root was last told. */
  readonly signalled: Signalled;
}

/**
 * Makes the activity `observe`. It sums up figures, heartbeats them and signals them to the root until it is cancelled
 * or the root has closed. If the server does not answer, it fails and is retried; the next attempt starts from the
 * figures of the last heartbeat.
 */
export function createObserve(
  deps: Pick<ActivityDependencies, 'runs' | 'redact' | 'noteProgress'>,
): Activities['observe'] {
  return async (input: ObserveInput): Promise<void> => {
    const context = Context.current();
    const { info, cancellationSignal: signal } = context;
    const root = rootOf(info);
    const previous = previousBeat(input, info.heartbeatDetails);
    const watch = new MigrationWatch(deps.runs, root, input, watchedBefore(previous));
    let signalled = previous?.signalled ?? nothingSignalled;
    const beating = startBeating(context, previous);
    try {
      for (;;) {
        const progress = await watch.look(Date.now());
        if (progress === undefined) throw new CompleteAsyncError();
        const told = withNotes(progress, watch.moment);
        const next = nextSignal(signalled, told, input.failedUnits);
        if (next !== undefined) await deps.runs.signalProgress(root, told);
        signalled = next ?? signalled;
        deps.noteProgress?.(input.name, progress);
        const { rest: _rest, ...figures } = progress;
        const { moment, pace } = watch;
        beating.set({ ...figures, moment, ...(pace && { pace }), signalled } satisfies ObserveBeat);
        beating.now();
        await wait(watch.intervalMs, undefined, { signal });
      }
    } catch (error) {
      // The root has closed. Throwing this reports no result: the server would refuse one, and log a warning.
      if (error instanceof CompleteAsyncError) throw error;
      if (context.cancellationDetails?.notFound === true) throw new CompleteAsyncError();
      if (signal.aborted) throw interruptionOf(context);
      const message = deps.redact(error instanceof Error ? error.message : String(error));
      throw ApplicationFailure.create({ type: 'Unexpected', message: `summing the figures failed: ${message}` });
    } finally {
      deps.noteProgress?.(input.name, undefined);
      beating.stop();
    }
  };
}

/** Adds what the page of the migration shows besides figures. What is moving changes too often for a page. */
function withNotes(progress: ObservedProgress, { throttled, credentials: all }: Moment): ObservedProgress {
  const credentials = endsSoon(all, progress);
  return {
    ...progress,
    ...(throttled.length > 0 && { throttled }),
    ...(credentials.length > 0 && { credentials }),
  };
}

function watchedBefore(previous: ObserveBeat | undefined): WatchedBefore | undefined {
  if (previous === undefined) return undefined;
  const { tally, at, pace } = previous;
  return { tally, atMs: Date.parse(at), pace };
}

function previousBeat({ round }: ObserveInput, details: unknown): ObserveBeat | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  const beat = details as Partial<ObserveBeat>;
  const whole = beat.round === round && beat.tally !== undefined && beat.signalled !== undefined;
  return whole ? (beat as ObserveBeat) : undefined;
}
