import type { FailureClass } from './failure-classes.js';
import type { Tally } from './tally.js';

/** Every phase, in the order in which they may come. */
export const phases = [
  'preparing',
  'running',
  'pausing',
  'paused',
  'blocked',
  'completed',
  'completed-with-failures',
  'cancelled',
  'failed',
] as const;

/** Where a migration stands, as `status` prints it. */
export type Phase = (typeof phases)[number];

/** Something that keeps units waiting. */
export interface Blocked {
  /** `account east`, `target archive`, `slice p0007/s0003`. */
  readonly what: string;
  readonly class: FailureClass;
  readonly message: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** Units known to wait for it. */
  readonly units: number;
}

/** Speeds over the last minute or so. */
export interface Rate {
  readonly unitsPerSecond: number;
  readonly blobsPerSecond: number;
  readonly sourceBytesPerSecond: number;
}

/** The figures of a whole migration; what `observe` beats, the root returns and `status` shows. */
export interface Progress {
  readonly round: number;
  readonly total: number;
  readonly tally: Tally;
  readonly rate: Rate;
  /** Null while nothing can be said, or while the migration is paused or blocked. */
  readonly etaSeconds: number | null;
  /** What waits until somebody acts. */
  readonly blocked: readonly Blocked[];
  /**
   * What waits for something that may pass by itself: a store that does not answer, or asks for patience. Absent where
   * nothing does.
   */
  readonly waiting?: readonly Blocked[];
  /** When these figures were summed, ISO 8601 UTC. */
  readonly at: string;
}

/** Figures as `observe` tells them to the root. */
export interface ObservedProgress extends Progress {
  /** Revision of the directives under which all partitions have come to rest; absent where they have not. */
  readonly rest?: number;
}

export const zeroRate: Rate = { unitsPerSecond: 0, blobsPerSecond: 0, sourceBytesPerSecond: 0 };

/** Tells whether a phase is an end: nothing moves any more in this round. */
export function isFinalPhase(phase: Phase): boolean {
  return phase === 'completed' || phase === 'completed-with-failures' || phase === 'cancelled' || phase === 'failed';
}
