import {
  CancellationScope,
  CancelledFailure,
  log,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, PrepareResult } from '../activities/activity-messages.js';
import { finishOptions, observeOptions, prepareOptions } from './activity-options.js';
import { progressQuery, progressSignal, type MigrationInput, type MigrationResult } from './messages.js';
import { RootView } from './root-view.js';
import { runPartitions } from './run-partitions.js';
import { toMigrationFailure, toWorkflowFailure } from './to-migration-failure.js';

/**
 * One run of a migration's round: prepares, runs the partitions through a window while `observe` sums their figures, and closes the round.
 * Ends as failed with a failure whose type is a failure class, and as cancelled after all partitions have closed. It never continues as new,
 * so that the Web UI shows a migration as one tree.
 */
export async function migration(input: MigrationInput): Promise<MigrationResult> {
  const view = new RootView(input);
  setHandler(progressQuery, () => view.answer(), {
    description: 'Phase and figures of the migration: units, blobs, bytes, rate, time left, what blocks.',
  });
  setHandler(progressSignal, (progress) => view.observed(progress), {
    description: "New figures, sent by the migration's own `observe`. Nothing to send by hand.",
  });
  // Updates pause, resume and tune will be set here: handlers must be there before the first await.

  try {
    return await moveEverything(input, view);
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

async function moveEverything(input: MigrationInput, view: RootView): Promise<MigrationResult> {
  const { control, round } = input;
  const { taskQueue } = workflowInfo();
  const { prepare } = proxyActivities<Pick<Activities, 'prepare'>>(prepareOptions(taskQueue));
  const { finish } = proxyActivities<Pick<Activities, 'finish'>>(finishOptions(taskQueue));

  const prepared = await prepare({ control, round });
  view.running(prepared.layout.units);

  const observing = observeInBackground(input, prepared);
  let tally;
  try {
    tally = await runPartitions(input, prepared, (failure) => view.failed(toMigrationFailure(failure)));
  } finally {
    observing.cancel();
  }

  const { phase } = await finish({ control, round, epoch: prepared.epoch, tally, startedAt: view.startedAt });
  view.completed(phase, tally);
  return { phase, progress: view.progress };
}

/** Runs `observe` beside the partitions. Figures are a service: their end, however it comes, is not the end of the migration. */
function observeInBackground(input: MigrationInput, { layout }: PrepareResult): { cancel(): void } {
  const { observe } = proxyActivities<Pick<Activities, 'observe'>>(observeOptions(workflowInfo().taskQueue));
  const scope = new CancellationScope();
  const { name } = input.control;
  scope
    .run(() => observe({ name, round: input.round, total: layout.units, partitions: layout.partitions }))
    .catch((error: unknown) => {
      if (!isCancellation(error)) log.warn('the figures of this migration are no longer observed', { error });
    });
  return { cancel: () => scope.cancel() };
}
