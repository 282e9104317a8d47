import type { FailureClass } from '../failure-classes.js';
import type { CredentialEnd, Throttled } from '../moment.js';
import type { Tally } from './tally.js';

/** All phases, in the order in which they may come. */
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

/** The phase of a migration, as `status` prints it. */
export type Phase = (typeof phases)[number];

/** Something that units wait for. */
export interface Blocked {
  /** `account east`, `target archive`, `slice p0007/s0003`. */
  readonly what: string;
  readonly class: FailureClass;
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** How many units are known to wait for it. */
  readonly units: number;
}

/** Average speeds of about the last minute. */
export interface Rate {
  readonly unitsPerSecond: number;
  readonly blobsPerSecond: number;
  readonly sourceBytesPerSecond: number;
}

/** The earliest and the latest probable end, in seconds from now. */
export interface EtaRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The figures of a whole migration, as `observe` heartbeats them, the root returns them and `status` shows them. */
export interface Progress {
  readonly round: number;
  readonly total: number;
  readonly tally: Tally;
  readonly rate: Rate;
  /** Mean speeds of the round so far, without the time for which it was held; absent until some time has passed. */
  readonly meanRate?: Rate;
  /** Null while it is unknown, and while the migration is paused or blocked. */
  readonly etaSeconds: number | null;
  /** The range in which the end probably falls; absent while `etaSeconds` is null. */
  readonly etaRange?: EtaRange;
  /** What units wait for until somebody acts. */
  readonly blocked: readonly Blocked[];
  /**
   * What units wait for that may pass by itself: a store that does not answer, or throttles. Absent if nothing waits.
   */
  readonly waiting?: readonly Blocked[];
  /** When these figures were summed up, in ISO 8601, UTC. */
  readonly at: string;
}

/** Figures as `observe` sends them to the root. */
export interface ObservedProgress extends Progress {
  /** Revision of the directives under which all partitions have come to rest; absent if they have not. */
  readonly rest?: number;
  /** Stores that asked for fewer requests; absent if there are none. */
  readonly throttled?: readonly Throttled[];
  /** Credentials that end soon; absent if there are none. */
  readonly credentials?: readonly CredentialEnd[];
}

export const zeroRate: Rate = { unitsPerSecond: 0, blobsPerSecond: 0, sourceBytesPerSecond: 0 };

/** Tells whether a phase is final: nothing moves any more in this round. */
export function isFinalPhase(phase: Phase): boolean {
  return phase === 'completed' || phase === 'completed-with-failures' || phase === 'cancelled' || phase === 'failed';
}
