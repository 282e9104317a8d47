import { isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import type { Probe } from '../../domain/probe.js';
import { checkOptions } from '../activity-options.js';
import type { CheckInput, CheckResult } from '../messages.js';
import { toMigrationFailure } from '../to-migration-failure.js';

/**
 * Runs the probes of `check` that need a worker: those of the source accounts, and those of the target with the
 * worker's credentials. What cannot be run is a verdict as well.
 */
export async function check({ sources, target }: CheckInput): Promise<CheckResult> {
  const { checkSources, checkTarget } = proxyActivities<Pick<Activities, 'checkSources' | 'checkTarget'>>(
    checkOptions(workflowInfo().taskQueue),
  );
  const [ofSources, ofTarget] = await Promise.all([
    orUnchecked(checkSources(sources), 'source'),
    orUnchecked(checkTarget(target), 'target'),
  ]);
  return {
    sources: 'unchecked' in ofSources ? [ofSources.unchecked] : ofSources.probes,
    target: 'unchecked' in ofTarget ? [ofTarget.unchecked] : ofTarget,
    ...('sample' in ofSources && { sample: ofSources.sample }),
  };
}

async function orUnchecked<T>(
  checked: Promise<T>,
  group: 'source' | 'target',
): Promise<T | { readonly unchecked: Probe }> {
  try {
    return await checked;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message } = toMigrationFailure(error);
    const what = `the ${group} from a worker`;
    const fix = "look at the workers' logs, and run the check again";
    return { unchecked: { id: `${group}/worker`, what, verdict: 'unchecked', message, fix } };
  }
}
