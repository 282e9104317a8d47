import type { Blocked } from '../../domain/figures/progress.js';
import type { SliceBeat } from '../../domain/figures/slice-report.js';
import type { Tally } from '../../domain/figures/tally.js';

/** What a partition says about itself in its memo. */
export interface PartitionFigures {
  readonly closed: boolean;
  /** The tally of its complete and idle slices. */
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  readonly waiting: readonly Blocked[];
  /** Revision of the directives under which it last came to rest. */
  readonly rest?: number;
}

/** A partition as listed. */
export interface ListedPartition extends PartitionFigures {
  readonly workflowId: string;
}

/** A partition as described. */
export interface PartitionView extends PartitionFigures {
  readonly slices: readonly PendingSlice[];
}

/** How a failed attempt ended. */
export interface LastFailure {
  readonly type: string;
  readonly message: string;
  /** What was at fault, as `target archive`, where the failure names it. */
  readonly what?: string;
}

/** An activity that is queued, running, or waiting for its next attempt. */
export interface PendingActivity {
  readonly type: string;
  readonly attempt: number;
  /** The failure of the last attempt, unless it was a timeout or a shutdown. */
  readonly lastFailure?: LastFailure;
}

/** A slice whose activity is pending. */
export interface PendingSlice extends Omit<PendingActivity, 'type'> {
  /** `p0007/s0003` */
  readonly label: string;
  /** Whether a worker is running it. */
  readonly running: boolean;
  /** The identity of the process that runs it, or ran it last; absent if none has. */
  readonly worker?: string;
  /** The last heartbeat that reached the server. */
  readonly beat?: SliceBeat;
}
