import type { Context } from '@temporalio/activity';
import { advanceEpoch } from '../../control/owner.js';
import { toFailure } from '../../domain/failure.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities, PrepareInput, PrepareResult } from '../activity-messages.js';
import { probeStores } from './probe-stores.js';
import { rootOf } from '../root-of.js';
import { runControlActivity } from '../run-control-activity.js';
import { tellWhatPrepareWaitsFor } from './tell-what-prepare-waits-for.js';
import { isFinal, type FailureOptions } from '../to-application-failure.js';

// What may pass by itself is tried again for about half a minute. Then whoever started the migration for the first time
// should know. Later, nobody need be there.
const attemptsMax = 5;

type Dependencies = Pick<ActivityDependencies, 'openMigration' | 'cluster' | 'runs' | 'redact'>;

/** Makes the activity `prepare`. Failures that an operator must deal with are final, because nothing has moved yet. */
export function createPrepare(deps: Dependencies): Activities['prepare'] {
  return (input) =>
    runControlActivity(
      async (context) => {
        try {
          return await prepare(deps, input, context);
        } catch (error) {
          const failure = toFailure(error);
          const { info, cancellationSignal } = context;
          if (cancellationSignal.aborted || isFinal(failure, stageOf(context, input))) throw failure;
          await tellWhatPrepareWaitsFor(deps.runs, rootOf(info), { round: input.round, failure, redact: deps.redact });
          throw failure;
        }
      },
      (context) => ({ ...stageOf(context, input), redact: deps.redact }),
    );
}

function stageOf(
  { info }: Context,
  { begun = false }: Pick<PrepareInput, 'begun'>,
): Pick<FailureOptions, 'stage' | 'lastAttempt'> {
  return { stage: 'preparing', lastAttempt: !begun && info.attempt >= attemptsMax };
}

async function prepare(
  deps: Dependencies,
  { control, round }: PrepareInput,
  { info, cancellationSignal: signal }: Context,
): Promise<PrepareResult> {
  const open = await deps.openMigration(control, round, signal);
  const { record } = open.resources;
  await probeStores(open, signal);
  // This comes last, so that a migration that cannot work takes nothing over from one that does.
  const root = rootOf(info);
  const owner = { ...deps.cluster, rootRunId: root.runId, isOpen: () => deps.runs.isOpen(root) };
  const epoch = await advanceEpoch(open.resources, owner, signal);
  const { layout, definition, plan, verify } = record;
  // A plan is made to find out how many units would fail, and a verification how many objects differ.
  const isMoving = plan === undefined && verify === undefined;
  return { epoch, layout, ...(isMoving && { failedUnits: definition.limits.failedUnits }) };
}
