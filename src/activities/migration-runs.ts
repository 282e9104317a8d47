import type { Pause, PartitionDirectives } from '../domain/directives.js';
import type { ObservedProgress } from '../domain/progress.js';
import type { ListedPartition, PartitionView, PendingActivity } from './observe/partition-view.js';

/** One run of a root workflow. */
export interface RootRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** A root that has not closed. */
export interface OpenRoot {
  /** What its operator has asked for. */
  readonly pause: Pause;
  /** Workflow ids of its partitions that have been started and not closed. */
  readonly partitions: readonly string[];
  /** Its own activities, but for those that only look: they prepare, tell, clean up and finish. */
  readonly pending: readonly PendingActivity[];
}

/** What Temporal knows of the runs of a migration. Errors are those of the connection: the caller may try again. */
export interface MigrationRuns {
  /** Describes a root: one request. Returns undefined once it has closed. */
  openRoot(root: RootRun): Promise<OpenRoot | undefined>;
  /**
   * Lists all partitions that a root run has started, open and closed, with their memos: one request for each 1,000. It
   * may be some seconds behind.
   */
  listPartitions(root: RootRun): Promise<readonly ListedPartition[]>;
  /** Describes the newest run of a partition; undefined where there is none, or none of this root run. */
  describePartition(workflowId: string, root: RootRun): Promise<PartitionView | undefined>;
  /**
   * Returns the workflow ids of open partitions of this migration that other root runs have started. It may be some
   * seconds behind.
   */
  listEarlierPartitions(root: RootRun): Promise<readonly string[]>;
  /** Tells whether a run of a workflow is open; without a run, the newest one of that id. */
  isOpen(workflow: Partial<RootRun> & Pick<RootRun, 'workflowId'>): Promise<boolean>;
  /** Tells the root; one that has closed needs nothing more, and nothing happens. */
  signalProgress(root: RootRun, progress: ObservedProgress): Promise<void>;
  /** Tells a partition the directives of its root; one that has closed needs nothing more, and nothing happens. */
  tellPartition(workflowId: string, root: RootRun, directives: PartitionDirectives): Promise<void>;
}
