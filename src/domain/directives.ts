/** How a pause stops what runs. `drain`: units in flight finish; `now`: they are interrupted. */
export type PauseMode = 'drain' | 'now';

/** Whether a migration or partition is paused, and how. */
export type Pause = 'none' | PauseMode;

/** The most requests a second that a whole migration may make to each source account, by the account's name. */
export type RequestCeilings = Readonly<Record<string, number | 'unlimited'>>;

/** What the operator has set for a migration. A higher revision is newer. Workers read it from the root's memo. */
export interface Directives {
  readonly revision: number;
  readonly pause: Pause;
  /** Whether slices begin no more units: the migration is paused, or too many units have failed. */
  readonly draining: boolean;
  readonly acceptFailures: boolean;
  /** Per worker process. The default is that of the migration file; `auto` leaves it to each process. */
  readonly unitsInFlight?: number | 'auto';
  /** Per worker process. */
  readonly bytesPerSecond?: number;
  /** Ceilings of source accounts, for all worker processes together, in place of those of the migration file. */
  readonly requestsPerSecond?: RequestCeilings;
}

/** What a partition must know about the directives. The highest revision counts, in whatever order they arrive. */
export interface PartitionDirectives {
  readonly revision: number;
  readonly pause: Pause;
  /** Grows with each `resume`, after which everything that is blocked is retried at once. */
  readonly retry: number;
}
