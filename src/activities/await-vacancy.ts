import { setTimeout as wait } from 'node:timers/promises';
import { partitionWorkflowId } from '../domain/ids.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, AwaitVacancyInput } from './activity-messages.js';
import type { RootRun } from './migration-runs.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

// A partition closes once its slices have learned of the cancel, with their next heartbeat.
const lookEveryMs = 2_000;
// The slices of a dead worker close after the heartbeat timeout, a minute by default. If it takes much longer, somebody
// must look into it.
const patienceMs = 600_000;

/**
 * Makes the activity `awaitVacancy`. After a migration was terminated and resumed, partitions of the previous run may
 * still be open under the ids that the new ones need. They close by themselves; this activity waits for that, which
 * costs the root three events, however many partitions there are.
 */
export function createAwaitVacancy(deps: Pick<ActivityDependencies, 'runs' | 'redact'>): Activities['awaitVacancy'] {
  return ({ name, round, partition }: AwaitVacancyInput): Promise<void> => {
    let isOutOfPatience = false;
    return runControlActivity(
      async ({ info, cancellationSignal: signal }) => {
        const root = rootOf(info);
        const refused = partitionWorkflowId(name, round, partition);
        const until = performance.now() + patienceMs;
        for (;;) {
          const open = await openPartitions(root, refused);
          if (open.length === 0) return;
          isOutOfPatience = performance.now() > until;
          if (isOutOfPatience) throw stillOpen(open);
          await wait(lookEveryMs, undefined, { signal });
        }
      },
      // Nothing has moved in this run yet; more patience would only hide what is wrong.
      () => ({ stage: 'preparing', redact: deps.redact, lastAttempt: isOutOfPatience }),
    );
  };

  /** The list may be out of date, so the partition whose start was refused is also asked about directly. */
  async function openPartitions(root: RootRun, refused: string): Promise<readonly string[]> {
    const listed = await deps.runs.listEarlierPartitions(root);
    if (listed.length > 0) return listed;
    return (await deps.runs.isOpen({ workflowId: refused })) ? [refused] : [];
  }
}

function stillOpen([first = '', ...others]: readonly string[]): Error {
  const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
  return new Error(
    `${first}${more} of an earlier run did not close within 10 minutes; terminate what is left of it, then resume`,
  );
}
