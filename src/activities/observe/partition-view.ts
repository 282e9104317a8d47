import type { Blocked } from '../../domain/progress.js';
import type { SliceBeat } from '../../domain/slice-report.js';
import type { Tally } from '../../domain/tally.js';

/** A partition as one look at it shows. */
export interface PartitionView {
  readonly closed: boolean;
  /** Complete and waiting slices, as the partition keeps them in its memo. */
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  readonly slices: readonly PendingSlice[];
}

/** A slice whose activity is pending: queued, running, or waiting for its next attempt. */
export interface PendingSlice {
  /** `p0007/s0003` */
  readonly label: string;
  readonly attempt: number;
  /** The last delivered heartbeat. */
  readonly beat?: SliceBeat;
  /** What the last attempt ended with, unless it was a timeout or a shutdown. */
  readonly lastFailure?: { readonly type: string; readonly message: string };
}
