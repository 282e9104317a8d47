import { emptyTally, type Tally } from '../../domain/tally.js';
import type { MigrationFailure } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';

/** Where a migration stands with its partitions, as plain data. Only {@link stepRoot} makes a new one of it. */
export interface RootState {
  /** By number. */
  readonly partitions: readonly PartitionStanding[];
  readonly directives: PartitionDirectives;
  /** Revision that is being told; undefined where nothing is. */
  readonly telling?: number;
  /** Highest revision that has been told. */
  readonly told: number;
  /** Whether partitions of an earlier run are waited for. */
  readonly isWaiting: boolean;
  /** Of the partitions that are complete. */
  readonly tally: Tally;
  /** How it ends, once no partition is open. */
  readonly ending?: 'cancelled' | MigrationFailure;
}

/** How far a partition is. */
export type PartitionStanding =
  | { readonly at: 'untried' }
  /** It was started with this revision of the directives. */
  | { readonly at: 'starting'; readonly knows: number }
  /** `knows` is the revision that has certainly reached it, `asked` the one that is on its way. */
  | { readonly at: 'open'; readonly knows: number; readonly asked: number }
  | { readonly at: 'ended' };

/** Returns the state in which a migration begins to run its partitions. */
export function initialRoot(partitions: number, directives: PartitionDirectives): RootState {
  return {
    partitions: Array.from({ length: partitions }, () => ({ at: 'untried' })),
    ...{ directives, told: directives.revision, isWaiting: false, tally: emptyTally },
  };
}
