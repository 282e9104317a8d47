import { abortLeftUploads } from '../control/clean-up/abort-left-uploads.js';
import { controlKeys } from '../control/control-keys.js';
import { refuseIfSuperseded } from '../control/owner.js';
import { deleteObject } from '../control/stored-object.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, CleanUpInput, CleanUpResult } from './activity-messages.js';
import { endObserve } from './end-observe.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

/**
 * Makes the activity `cleanUp`, which aborts the uploads that checkpoints name and deletes the checkpoints. If the
 * round continues later, it keeps a checkpoint whose Complete may have taken effect: its digests are in no receipt yet.
 * The activity may be repeated.
 */
export function createCleanUp(
  deps: Pick<ActivityDependencies, 'openMigration' | 'runs' | 'redact'>,
): Activities['cleanUp'] {
  return ({ control: address, round, epoch, isFinal }: CleanUpInput): Promise<CleanUpResult> =>
    runControlActivity(
      async ({ info, cancellationSignal }) => {
        const { resources } = await deps.openMigration(address, round, cancellationSignal);
        const { control, base, target } = resources;
        await refuseIfSuperseded(resources, epoch, cancellationSignal);
        let checkpointsKept = 0;
        const uploadsAborted = await abortLeftUploads(
          resources,
          {
            prefix: controlKeys.uploads(base, round),
            abortUpload: (...upload) => target.abortUpload(...upload),
          },
          cancellationSignal,
          async (key, { isCompleting }, signal) => {
            if (isCompleting && !isFinal) checkpointsKept += 1;
            else await deleteObject(control, key, signal);
          },
        );
        // After a cancel nothing else follows.
        if (!isFinal) await endObserve(deps.runs, rootOf(info));
        return { uploadsAborted, checkpointsKept };
      },
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}
