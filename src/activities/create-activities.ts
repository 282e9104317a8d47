import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities } from './activity-messages.js';
import { createAwaitVacancy } from './await-vacancy.js';
import { createCheckSources } from './check/check-sources.js';
import { createCheckTarget } from './check/check-target.js';
import { createCleanUp } from './clean-up.js';
import { createConcludeVerification } from './conclude-verification-activity.js';
import { createEndObserve } from './end-observe-activity.js';
import { createExploreAccount } from './explore/explore-account-activity.js';
import { createExploreUnits } from './explore/explore-units-activity.js';
import { createFindUnclaimed } from './find-unclaimed-activity.js';
import { createFinish } from './finish.js';
import { createMoveSlice } from './move-slice-activity.js';
import { createObserve } from './observe/observe.js';
import { createPrepare } from './prepare/prepare.js';
import { createTellPartitions } from './tell-partitions.js';

/** Activities on the main task queue, which compete for slots. */
export type SliceActivities = Pick<Activities, 'moveSlice' | 'findUnclaimed' | 'concludeVerification'>;

/** Activities on the control task queue, which never wait behind slices. */
export type ControlActivities = Omit<Activities, keyof SliceActivities>;

/** Makes all activities of a process. */
export function createActivities(deps: ActivityDependencies): {
  readonly slices: SliceActivities;
  readonly control: ControlActivities;
} {
  return {
    slices: {
      moveSlice: createMoveSlice(deps),
      findUnclaimed: createFindUnclaimed(deps),
      concludeVerification: createConcludeVerification(deps),
    },
    control: {
      prepare: createPrepare(deps),
      observe: createObserve(deps),
      endObserve: createEndObserve(deps),
      tellPartitions: createTellPartitions(deps),
      awaitVacancy: createAwaitVacancy(deps),
      cleanUp: createCleanUp(deps),
      exploreAccount: createExploreAccount(deps),
      exploreUnits: createExploreUnits(deps),
      finish: createFinish(deps),
      checkSources: createCheckSources(deps),
      checkTarget: createCheckTarget(deps),
    },
  };
}
