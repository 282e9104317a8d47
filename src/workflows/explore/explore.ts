import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import { exploreOptions } from '../activity-options.js';
import { orFailure } from './or-failure.js';

type Explore = Activities['exploreAccount'];

/** Explores an account on a worker, where its credential is. */
export function explore(...input: Parameters<Explore>): ReturnType<Explore> {
  const { exploreAccount } = proxyActivities<Pick<Activities, 'exploreAccount'>>(
    exploreOptions(workflowInfo().taskQueue),
  );
  return orFailure(() => exploreAccount(...input));
}
