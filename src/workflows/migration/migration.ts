import {
  CancellationScope,
  CancelledFailure,
  log,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, PrepareResult } from '../../activities/activity-messages.js';
import type { Tally } from '../../domain/tally.js';
import { cleanUpOptions, finishOptions, observeOptions, prepareOptions } from '../activity-options.js';
import { ControlDesk } from './operator-desk.js';
import { progressQuery, progressSignal, type MigrationInput, type MigrationResult } from '../messages.js';
import { RootView } from './root-view.js';
import { runPartitions, type PartitionsRun } from './run-partitions.js';
import { serveControls } from './serve-operator.js';
import { toMigrationFailure, toWorkflowFailure } from '../to-migration-failure.js';

/**
 * One run of a migration's round: prepares, runs the partitions through a window while `observe` sums their figures, and closes the round.
 * Ends as failed with a failure whose type is a failure class, and as cancelled after all partitions have closed. It never continues as new,
 * so that the Web UI shows a migration as one tree.
 */
export async function migration(input: MigrationInput): Promise<MigrationResult> {
  const { slicesInFlight, acceptFailures = false } = input;
  const desk = new ControlDesk({ slicesInFlight, acceptFailures });
  const view = new RootView(input, desk);
  setHandler(progressQuery, () => view.answer(), {
    description: 'Phase and figures of the migration: units, blobs, bytes, rate, time left, what blocks.',
  });
  setHandler(
    progressSignal,
    (progress) => {
      view.observed(progress);
      desk.judge(progress.tally);
    },
    { description: "New figures, sent by the migration's own `observe`. Nothing to send by hand." },
  );
  serveControls(desk, view);

  try {
    return await moveEverything(input, desk, view);
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) {
      view.cancelled();
      throw new CancelledFailure('the migration was cancelled; `longhaul resume` continues it');
    }
    const failure = toMigrationFailure(error);
    view.failed(failure);
    throw toWorkflowFailure(failure);
  }
}

async function moveEverything(input: MigrationInput, desk: ControlDesk, view: RootView): Promise<MigrationResult> {
  const { control, round } = input;
  const { taskQueue } = workflowInfo();
  const { prepare } = proxyActivities<Pick<Activities, 'prepare'>>(prepareOptions(taskQueue));
  const { finish } = proxyActivities<Pick<Activities, 'finish'>>(finishOptions(taskQueue));

  const prepared = await prepare({ control, round });
  view.running(prepared.layout.units);

  desk.limitFailures(prepared.failedUnits);
  const tally = await moveUnits({ input, prepared, desk, view });
  desk.close();
  await cleanUpUploads(input, prepared, true);
  const { phase } = await finish({ control, round, epoch: prepared.epoch, tally, startedAt: view.startedAt });
  view.completed(phase, tally);
  return { phase, progress: view.progress };
}

/** Moves all units while their figures are observed. After a cancel, once nothing runs any more, the uploads that are left are aborted. */
async function moveUnits(run: Omit<PartitionsRun, 'onFailure'> & { readonly view: RootView }): Promise<Tally> {
  const { input, prepared, view } = run;
  const observing = observeInBackground(input, prepared);
  try {
    return await runPartitions({ ...run, onFailure: (failure) => view.failed(toMigrationFailure(failure)) });
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) {
      run.desk.close();
      await CancellationScope.nonCancellable(() => cleanUpUploads(input, prepared, false));
    }
    throw error;
  } finally {
    observing.cancel();
  }
}

async function cleanUpUploads(
  { control, round }: MigrationInput,
  { epoch }: PrepareResult,
  isFinal: boolean,
): Promise<void> {
  const { cleanUp } = proxyActivities<Pick<Activities, 'cleanUp'>>(cleanUpOptions(workflowInfo().taskQueue));
  await cleanUp({ control, round, epoch, isFinal });
}

/** Runs `observe` beside the partitions. Figures are a service: their end, however it comes, is not the end of the migration. */
function observeInBackground(input: MigrationInput, { layout, failedUnits }: PrepareResult): { cancel(): void } {
  const { observe } = proxyActivities<Pick<Activities, 'observe'>>(observeOptions(workflowInfo().taskQueue));
  const scope = new CancellationScope();
  const { name } = input.control;
  scope
    .run(() =>
      observe({
        ...{ name, round: input.round, total: layout.units, partitions: layout.partitions },
        ...(failedUnits !== undefined && { failedUnits }),
      }),
    )
    .catch((error: unknown) => {
      if (!isCancellation(error)) log.warn('the figures of this migration are no longer observed', { error });
    });
  return { cancel: () => scope.cancel() };
}
