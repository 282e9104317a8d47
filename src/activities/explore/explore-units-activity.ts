import { listUnits } from '../../explore/list-units.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities } from '../activity-messages.js';
import { runControlActivity } from '../run-control-activity.js';

// Somebody is waiting: after a few minutes they should know why.
const attemptsMax = 10;

/** Makes the activity `exploreUnits`. */
export function createExploreUnits(
  deps: Pick<ActivityDependencies, 'openExplored' | 'redact'>,
): Activities['exploreUnits'] {
  return ({ request, ...units }) =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        const opened = deps.openExplored(request.account);
        try {
          return await listUnits(opened.source, request, { ...units, signal });
        } finally {
          opened.close();
        }
      },
      ({ info }) => ({ stage: 'preparing', redact: deps.redact, lastAttempt: info.attempt >= attemptsMax }),
    );
}
