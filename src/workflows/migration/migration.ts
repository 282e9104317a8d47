import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  log,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { roundId } from '../../domain/ids.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import type { Activities, PrepareResult } from '../../activities/activity-messages.js';
import {
  cleanUpOptions,
  endObserveOptions,
  findUnclaimedOptions,
  finishOptions,
  lastCleanUpOptions,
  observeOptions,
  prepareOptions,
} from '../activity-options.js';
import type { MigrationInput, MigrationResult } from '../messages.js';
import { progressQuery, progressSignal } from '../progress-messages.js';
import { toMigrationFailure, toWorkflowFailure } from '../to-migration-failure.js';
import { OperatorDesk } from './operator-desk.js';
import { RootView } from './root-view.js';
import { runPartitions } from './run-partitions.js';
import { serveOperator } from './serve-operator.js';

/**
 * Runs one round of a migration: prepares it, runs all partitions while `observe` sums up their figures, and closes the
 * round. If it fails, the type of the failure is a failure class. If it is cancelled, it closes after all its
 * partitions. It never continues as new, so that the Web UI shows a migration as one tree.
 */
export async function migration(input: MigrationInput): Promise<MigrationResult> {
  const { acceptFailures = false } = input;
  const { name } = input.control;
  const desk = new OperatorDesk({ acceptFailures });
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
  serveOperator(desk, view);
  CancellationScope.current().cancelRequested.catch(() =>
    desk.close(
      `the migration is being cancelled; wait until it has ended (\`longhaul watch ${name}\`), then resume it`,
    ),
  );

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

async function moveEverything(input: MigrationInput, desk: OperatorDesk, view: RootView): Promise<MigrationResult> {
  const { control, round, begun } = input;
  const { taskQueue } = workflowInfo();
  const { prepare } = proxyActivities<Pick<Activities, 'prepare'>>(prepareOptions(taskQueue));
  const { finish } = proxyActivities<Pick<Activities, 'finish'>>(finishOptions(taskQueue));
  const { cleanUp } = proxyActivities<Pick<Activities, 'cleanUp'>>(cleanUpOptions(taskQueue));

  const prepared = await prepare({ control, round, ...(begun === true && { begun }) });
  const { epoch } = prepared;
  view.running(prepared.layout.units);
  desk.limitFailures(prepared.failedUnits);
  const observing = observeInBackground(input, prepared);
  try {
    const tally = await runPartitions({ input, prepared, desk, view });
    desk.close('the migration is about to end: nothing is left to be moved');
    if (input.unclaimed === true) await unclaimed(input, epoch);
    if (input.verify === true) await conclude(input, epoch);
    await cleanUp({ control, round, epoch, isFinal: true });
    const { phase } = await finish({ control, round, epoch, tally, startedAt: view.startedAt });
    view.completed(phase, tally);
    return { phase, progress: view.progress };
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) await cleanUpAfterCancel(input, prepared, view);
    else if (patched('end-observe-of-a-failed-root')) await endObserving();
    throw error;
  } finally {
    observing.cancel();
  }
}

/** Has a worker find the blobs that no unit claims. */
function unclaimed({ control, round, heartbeatTimeoutMs }: MigrationInput, epoch: number): Promise<void> {
  const options = findUnclaimedOptions(heartbeatTimeoutMs, control.name);
  return proxyActivities<Pick<Activities, 'findUnclaimed'>>(options).findUnclaimed({ control, round, epoch });
}

/** Has a worker add up what a verification has found. */
function conclude({ control, round, heartbeatTimeoutMs }: MigrationInput, epoch: number): Promise<void> {
  const options = findUnclaimedOptions(heartbeatTimeoutMs, control.name);
  const { concludeVerification } = proxyActivities<Pick<Activities, 'concludeVerification'>>(options);
  return concludeVerification({ control, round, epoch });
}

/** Aborts the uploads that are left, now that nothing runs. A cancel ends even if that fails, and then says so. */
async function cleanUpAfterCancel(
  { control, round, cancelPatienceMs }: MigrationInput,
  { epoch }: PrepareResult,
  view: RootView,
): Promise<void> {
  const { cleanUp } = proxyActivities<Pick<Activities, 'cleanUp'>>(
    lastCleanUpOptions(workflowInfo().taskQueue, cancelPatienceMs),
  );
  try {
    await CancellationScope.nonCancellable(() => cleanUp({ control, round, epoch, isFinal: false }));
  } catch (error) {
    const failure = toMigrationFailure(error);
    const checkpoints = `s3://${control.bucket}/${controlBase(control)}/${roundId(round)}/uploads/`;
    const message =
      `uploads may be left open, each with a checkpoint below ${checkpoints}; ` +
      `the next resume continues or aborts them: ${failure.message}`;
    log.warn(message, { class: failure.class });
    view.leaves({ class: failure.class, message });
  }
}

/** Ends `observe` before the root fails. A page with a pending activity is no reason to hide why it failed. */
async function endObserving(): Promise<void> {
  const { endObserve } = proxyActivities<Pick<Activities, 'endObserve'>>(endObserveOptions(workflowInfo().taskQueue));
  try {
    await CancellationScope.nonCancellable(() => endObserve());
  } catch (error) {
    log.warn('`observe` is left pending on the failed migration', { error });
  }
}

/**
 * Runs `observe` in the background, also while a cancel closes the partitions. The figures are for people only: if
 * `observe` fails for whatever reason, the migration continues.
 */
function observeInBackground(input: MigrationInput, { layout, failedUnits }: PrepareResult): { cancel(): void } {
  const { observe } = proxyActivities<Pick<Activities, 'observe'>>(observeOptions(workflowInfo().taskQueue));
  const { name } = input.control;
  const outside = new CancellationScope({ cancellable: false });
  let cancel = (): void => {};
  outside
    .run(async () => {
      const scope = new CancellationScope();
      cancel = () => scope.cancel();
      await scope.run(() =>
        observe({
          ...{ name, round: input.round, total: layout.units, partitions: layout.partitions },
          ...(failedUnits !== undefined && { failedUnits }),
        }),
      );
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) log.warn('the figures of this migration are no longer observed', { error });
    });
  return { cancel: () => cancel() };
}
