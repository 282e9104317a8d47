import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, PrepareInput, PrepareResult } from './activity-messages.js';
import { advanceEpoch } from '../control/owner.js';
import { probeStores } from './probe-stores.js';
import { runControlActivity } from './run-control-activity.js';

// What may pass is tried again for about half a minute. After that, whoever has just started the migration should know.
const attemptsMax = 5;

/** Makes the activity `prepare`. Failures that an operator must deal with are final, because nothing has moved yet. */
export function createPrepare(
  deps: Pick<ActivityDependencies, 'openMigration' | 'cluster' | 'runs' | 'redact'>,
): Activities['prepare'] {
  return ({ control, round }: PrepareInput): Promise<PrepareResult> =>
    runControlActivity(
      async ({ info, cancellationSignal: signal }) => {
        const open = await deps.openMigration(control, round, signal);
        const { record } = open.resources;
        await probeStores(open, signal);
        // This comes last, so that a migration that cannot work takes nothing over from one that does.
        const root = { workflowId: '', runId: '', ...info.workflowExecution };
        const owner = { ...deps.cluster, rootRunId: root.runId, isOpen: () => deps.runs.isOpen(root) };
        const epoch = await advanceEpoch(open.resources, owner, signal);
        const { layout, definition, plan, verify } = record;
        // A plan is made to find out how many units would fail, and a verification how many objects differ.
        const isMoving = plan === undefined && verify === undefined;
        return { epoch, layout, ...(isMoving && { failedUnits: definition.limits.failedUnits }) };
      },
      ({ info }) => ({ stage: 'preparing', redact: deps.redact, lastAttempt: info.attempt >= attemptsMax }),
    );
}
