import { controlKeys } from '../control/control-keys.js';
import { readLeftUpload } from '../control/left-upload.js';
import { refuseIfSuperseded } from '../control/owner.js';
import { deleteObject, listKeys } from '../control/stored-object.js';
import { forEachAtOnce } from '../flow/for-each-at-once.js';
import { tryAgain } from '../flow/try-again.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, CleanUpInput, CleanUpResult } from './activity-messages.js';
import { runControlActivity } from './run-control-activity.js';

// Each is a read, an abort or two and a delete; more at once would only be throttled.
const checkpointsAtOnce = 8;

/**
 * Makes the activity `cleanUp`, which aborts the uploads that checkpoints name and deletes the checkpoints. If the
 * round continues later, it keeps a checkpoint whose Complete may have taken effect: its digests are in no receipt yet.
 * The activity may be repeated.
 */
export function createCleanUp(deps: Pick<ActivityDependencies, 'openMigration' | 'redact'>): Activities['cleanUp'] {
  return ({ control: address, round, epoch, isFinal }: CleanUpInput): Promise<CleanUpResult> =>
    runControlActivity(
      async ({ cancellationSignal }) => {
        const { resources } = await deps.openMigration(address, round, cancellationSignal);
        const { control, base, target } = resources;
        await refuseIfSuperseded(resources, epoch, cancellationSignal);
        let uploadsAborted = 0;
        let checkpointsKept = 0;
        const checkpoints = listKeys(control, controlKeys.uploads(base, round), cancellationSignal);
        const options = { atOnce: checkpointsAtOnce, signal: cancellationSignal };
        await forEachAtOnce(checkpoints, options, async (key, signal) => {
          const upload = await readLeftUpload(resources, key, signal);
          if (upload === undefined) return;
          for (const id of upload.uploadIds) await tryAgain(() => target.abortUpload(upload.key, id, signal), signal);
          uploadsAborted += upload.uploadIds.length;
          if (upload.isCompleting && !isFinal) checkpointsKept += 1;
          else await deleteObject(control, key, signal);
        });
        return { uploadsAborted, checkpointsKept };
      },
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}
