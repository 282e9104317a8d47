import pLimit from 'p-limit';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, TellPartitionsInput } from './activity-messages.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

// A signal is a small write for the server; more at once would only make slices wait for it.
const signalsAtOnce = 16;

/**
 * Makes the activity `tellPartitions`: one signal to each open partition. When it fails half way it is tried again and
 * tells all of them again, which changes nothing for those that know: of the directives, the highest revision holds.
 */
export function createTellPartitions(
  deps: Pick<ActivityDependencies, 'runs' | 'redact'>,
): Activities['tellPartitions'] {
  return ({ directives }: TellPartitionsInput): Promise<void> =>
    runControlActivity(
      async ({ info, cancellationSignal: signal }) => {
        const root = rootOf(info);
        const open = await deps.runs.openRoot(root);
        const limit = pLimit(signalsAtOnce);
        await limit.map(open?.partitions ?? [], async (workflowId) => {
          signal.throwIfAborted();
          await deps.runs.tellPartition(workflowId, root, directives);
        });
      },
      () => ({ stage: 'moving', redact: deps.redact }),
    );
}
