import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities } from './activity-messages.js';
import { endObserve } from './end-observe.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

/** Makes the activity `endObserve`, which a root calls before it fails: `finish` and `cleanUp` do it otherwise. */
export function createEndObserve(deps: Pick<ActivityDependencies, 'runs' | 'redact'>): Activities['endObserve'] {
  return () =>
    runControlActivity(
      ({ info }) => endObserve(deps.runs, rootOf(info)),
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}
