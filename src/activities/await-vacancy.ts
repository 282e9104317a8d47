import { setTimeout as wait } from 'node:timers/promises';
import { partitionWorkflowId } from '../domain/ids.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, AwaitVacancyInput } from './activity-messages.js';
import type { RootRun } from './migration-runs.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

// A partition closes once its slices have heard of the cancel, with the next delivered heartbeat.
const lookEveryMs = 2_000;
// The slices of a dead worker close with the heartbeat timeout, which is a minute by default. Somebody must look at
// what takes longer.
const patienceMs = 600_000;

/**
 * Makes the activity `awaitVacancy`. A migration that was terminated, and resumed, starts partitions whose ids those of
 * the run before may still have. They are closing by themselves: this waits for it, which costs the root three events
 * whatever their number.
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
      // Nothing has moved in this run; more patience would hide what is wrong.
      () => ({ stage: 'preparing', redact: deps.redact, lastAttempt: isOutOfPatience }),
    );
  };

  /** The list may be behind, so the one that was refused is asked for itself. */
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
