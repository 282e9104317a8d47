import type { Pause, PartitionDirectives } from '../domain/directives.js';
import type { ObservedProgress } from '../domain/figures/progress.js';
import type { Tally } from '../domain/figures/tally.js';
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
  /** The figures that it last received; absent before its first workflow task. */
  readonly tally?: Tally;
  /** Workflow ids of its partitions that have been started and not closed. */
  readonly partitions: readonly string[];
  /** Its own pending activities, except `observe`. */
  readonly pending: readonly PendingActivity[];
}

/** What Temporal knows about the runs of a migration. Errors are connection problems: the caller may try again. */
export interface MigrationRuns {
  /** Describes a root: one request. Returns undefined once it has closed. */
  openRoot(root: RootRun): Promise<OpenRoot | undefined>;
  /**
   * Lists all partitions that a root run has started, open and closed, with their memos: one request per 1,000. The
   * list may be some seconds old.
   */
  listPartitions(root: RootRun): Promise<readonly ListedPartition[]>;
  /** Describes the newest run of a partition; undefined if this root run has none. */
  describePartition(workflowId: string, root: RootRun): Promise<PartitionView | undefined>;
  /**
   * Returns the workflow ids of open partitions of this migration that other root runs have started. The list may be
   * some seconds old.
   */
  listEarlierPartitions(root: RootRun): Promise<readonly string[]>;
  /** Tells whether a run of a workflow is open. Without a run id, it is the newest run. */
  isOpen(workflow: Partial<RootRun> & Pick<RootRun, 'workflowId'>): Promise<boolean>;
  /** Sends figures to the root. If it has closed, nothing happens. */
  signalProgress(root: RootRun, progress: ObservedProgress): Promise<void>;
  /**
   * Ends the `observe` of a root that is about to close, so that it is not left pending on a closed root. If there is
   * none, nothing happens.
   */
  endObserve(root: RootRun): Promise<void>;
  /** Sends a partition the directives of its root. If it has closed, nothing happens. */
  tellPartition(workflowId: string, root: RootRun, directives: PartitionDirectives): Promise<void>;
  /** Tells a partition that a credential may be a fresh one. If it has closed, nothing happens. */
  tellCredentials(workflowId: string): Promise<void>;
}
