/** How a pause ends what runs. `drain`: units in flight end; `now`: slices checkpoint and hand back. */
export type PauseMode = 'drain' | 'now';

/** Whether a migration or partition is paused, and how. */
export type Pause = 'none' | PauseMode;

/** What the operator has set for a migration. A higher revision is newer. Workers read it from the root's memo. */
export interface Directives {
  readonly revision: number;
  readonly pause: Pause;
  /** Whether slices take no more units: paused, or held because too many units have failed. */
  readonly draining: boolean;
  readonly acceptFailures: boolean;
  /** Per worker process; as in the migration file where it is not given, and each process's own default for `auto`. */
  readonly unitsInFlight?: number | 'auto';
  /** Per worker process. */
  readonly bytesPerSecond?: number;
}

/** What a partition must know of the directives. The highest revision holds, in whatever order they arrive. */
export interface PartitionDirectives {
  readonly revision: number;
  readonly pause: Pause;
  /** Grows with each `resume`: what is blocked is then tried again at once. */
  readonly retry: number;
}
