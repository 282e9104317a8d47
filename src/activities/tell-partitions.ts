import pLimit from 'p-limit';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, TellPartitionsInput } from './activity-messages.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

// A signal is a small write for the server; more at once would only slow down the reports of slices.
const signalsAtOnce = 16;

/**
 * Makes the activity `tellPartitions`, which signals the directives to each open partition. If it fails half way, the
 * retry signals all of them again; that is harmless, because the highest revision counts.
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
