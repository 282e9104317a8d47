import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import { exploreOptions } from '../activity-options.js';
import { orFailure } from './or-failure.js';

type ExploreUnits = Activities['exploreUnits'];

/** Lists one page of the units that the names in an account reveal. */
export function exploreUnits(...input: Parameters<ExploreUnits>): ReturnType<ExploreUnits> {
  const activities = proxyActivities<Pick<Activities, 'exploreUnits'>>(exploreOptions(workflowInfo().taskQueue));
  return orFailure(() => activities.exploreUnits(...input));
}
