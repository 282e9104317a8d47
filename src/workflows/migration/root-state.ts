import { emptyTally, type Tally } from '../../domain/figures/tally.js';
import type { MigrationFailure } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';

/** How far a migration is with its partitions, as plain data. Only `stepRoot` makes the next state from it. */
export interface RootState {
  /** Indexed by the number of the partition. */
  readonly partitions: readonly PartitionStanding[];
  readonly directives: PartitionDirectives;
  /** The revision that partitions are being told now; undefined if none. */
  readonly telling?: number;
  /** The highest revision that partitions have been told. */
  readonly told: number;
  /** Whether the migration waits for partitions of an earlier run to close. */
  readonly isWaiting: boolean;
  /** The tally of the complete partitions. */
  readonly tally: Tally;
  /** How the migration ends once no partition is open. */
  readonly ending?: 'cancelled' | MigrationFailure;
}

/** How far a partition is. */
export type PartitionStanding =
  | { readonly at: 'untried' }
  /** `knows` is the revision of the directives that it is started with. */
  | { readonly at: 'starting'; readonly knows: number }
  /** `knows` is the revision that has certainly reached it, `asked` the newest one that is on its way. */
  | { readonly at: 'open'; readonly knows: number; readonly asked: number }
  | { readonly at: 'ended' };

/** Returns the state of a migration before it starts its first partition. */
export function initialRoot(partitions: number, directives: PartitionDirectives): RootState {
  return {
    partitions: Array.from({ length: partitions }, () => ({ at: 'untried' })),
    ...{ directives, told: directives.revision, isWaiting: false, tally: emptyTally },
  };
}
