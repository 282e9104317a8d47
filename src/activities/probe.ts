import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, ProbeInput } from './activity-messages.js';
import { probeBlocked } from './probe-stores.js';
import { runControlActivity } from './run-control-activity.js';

/** Makes the activity `probe`. No failure of it is final: it says what is blocked still, and is tried again. */
export function createProbe(deps: Pick<ActivityDependencies, 'openMigration' | 'redact'>): Activities['probe'] {
  return ({ control, round, what }: ProbeInput): Promise<void> =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        await probeBlocked(await deps.openMigration(control, round, signal), what, signal);
      },
      () => ({ stage: 'probing', redact: deps.redact }),
    );
}
