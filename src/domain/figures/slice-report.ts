import type { FailureClass } from '../failure-classes.js';
import type { Failure } from '../failure.js';
import type { CredentialEnd, MovingUnit, Throttled } from '../moment.js';
import type { Blocked } from './progress.js';
import type { Tally } from './tally.js';

/** Input of `moveSlice`; with {@link SliceResult} under 4 KiB. */
export interface SliceTask {
  readonly epoch: number;
  readonly round: number;
  readonly partition: number;
  readonly slice: number;
  readonly firstUnit: number;
  readonly units: number;
  /** Tries a single unit first, and returns `blocked` at once if that is refused. */
  readonly canary?: boolean;
}

/** How an attempt at a slice ended. */
export type SliceResult =
  /** The footer is written. */
  | { readonly state: 'complete'; readonly tally: Tally }
  /** More remains to be done and nothing is wrong: time was up, or somebody asked the attempt to stop. */
  | { readonly state: 'partial'; readonly tally: Tally }
  /** Only units are left that failed and wait to be tried again; the first of them may be tried after `retryInMs`. */
  | {
      readonly state: 'waiting';
      readonly tally: Tally;
      readonly retryInMs: number;
      /** What they wait for, at most {@link waitingShownMax}, the one with the most units first. */
      readonly waiting: readonly Waiting[];
    }
  /** Units wait for `what`, which somebody has to put right. */
  | {
      readonly state: 'blocked';
      readonly tally: Tally;
      readonly what: string;
      readonly class: FailureClass;
      readonly message: string;
      /** Units that wait. */
      readonly deferred: number;
    };

/** Units of a slice that failed with the same class for the same `what`, and are tried again. */
export type Waiting = Blocked;

/** A result or a heartbeat names at most this many things that units wait for, so that it stays small. */
export const waitingShownMax = 3;

/** The heartbeat of a running slice, at most 4 KiB of JSON, read by people in the Web UI and by `observe`. */
export interface SliceBeat {
  readonly v: 1;
  /** `p0007/s0003` */
  readonly slice: string;
  /** `units 15500–15999` */
  readonly range: string;
  /** `careful`: one unit at a time, because attempts before this one have died. */
  readonly phase: 'claiming' | 'moving' | 'careful' | 'waiting' | 'finishing';
  readonly done: number;
  readonly failed: number;
  readonly deferred: number;
  readonly of: number;
  readonly inFlight: {
    readonly count: number;
    readonly indexes: readonly number[];
    /** How many units the process moves at once, for all its slices of this migration. */
    readonly most?: number;
    /** The units that have been in flight longest, at most `shownMax.moving`. */
    readonly longest?: readonly MovingUnit[];
  };
  readonly tally: Tally;
  readonly waitsFor?: { readonly what: string; readonly class: FailureClass; readonly message: string };
  /** What units have been waiting for, each for longer than a few seconds; at most {@link waitingShownMax}. */
  readonly waiting?: readonly Waiting[];
  /** Stores that get fewer requests than this process could make, the slowest first; at most `shownMax.throttled`. */
  readonly throttled?: readonly Throttled[];
  /** When the credentials of this worker end; at most `shownMax.credentials`. */
  readonly credentials?: readonly CredentialEnd[];
}

/** Returns the result of a slice that waits for what a failure names; `what` is for a failure that names nothing. */
export function blockedResult(
  failure: Failure,
  slice: { readonly tally: Tally; readonly deferred: number; readonly what: string },
): SliceResult {
  const { failureClass, message } = failure;
  return { state: 'blocked', ...slice, what: failure.what ?? slice.what, class: failureClass, message };
}
