import type { ExploreUnitsInput } from '../../activities/activity-messages.js';
import type { FailureClass } from '../../domain/failure-classes.js';
import type { Explored } from '../../explore/explored.js';
import type { ExploreProgress } from '../../explore/exploration.js';
import type { ExploreRequest } from '../../explore/explore-request.js';
import type { UnitsPage } from '../../explore/list-units.js';

/** How an exploration is going. */
export type ExplorationState<Result> =
  | {
      readonly state: 'running';
      /** Null until a worker has begun. */
      readonly progress: ExploreProgress | null;
      /** Whether a worker has begun. */
      readonly isBegun: boolean;
      /** What its last attempt failed with, while it is tried again. */
      readonly waitsFor: string | null;
    }
  | { readonly state: 'completed'; readonly result: Result }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly class: FailureClass; readonly message: string };

/** One run of a workflow of `explore`. */
export interface ExplorationRun<Result> {
  readonly workflowId: string;
  /** Asks how it is going: a request, and another one for the result. */
  look(): Promise<ExplorationState<Result>>;
  /** Asks the server to cancel it. */
  cancel(): Promise<void>;
}

/** Explorations as the verb sees them. Errors are those of the `TemporalPort`. */
export interface TemporalExplorations {
  start(request: ExploreRequest): Promise<ExplorationRun<Explored>>;
  startUnits(input: ExploreUnitsInput): Promise<ExplorationRun<UnitsPage>>;
}
