import type { FailureClass } from './failure-classes.js';
import type { Tally } from './tally.js';

/** Input of `moveSlice`; with {@link SliceResult} under 2 KiB. */
export interface SliceTask {
  readonly epoch: number;
  readonly round: number;
  readonly partition: number;
  readonly slice: number;
  readonly firstUnit: number;
  readonly units: number;
}

/**
 * What an attempt at a slice ended with. `complete`: the footer is written. `partial`: more is to do, nothing is wrong.
 * `blocked`: only units are left that wait for `what`.
 */
export type SliceResult =
  | { readonly state: 'complete'; readonly tally: Tally }
  | { readonly state: 'partial'; readonly tally: Tally }
  | {
      readonly state: 'blocked';
      readonly tally: Tally;
      readonly what: string;
      readonly class: FailureClass;
      readonly message: string;
      /** Units that wait. */
      readonly deferred: number;
    };

/** What a running slice beats, at most 4 KiB of JSON, to be read by people in the Web UI and by `observe`. */
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
  readonly inFlight: { readonly count: number; readonly indexes: readonly number[] };
  readonly tally: Tally;
  readonly waitsFor?: { readonly what: string; readonly class: FailureClass; readonly message: string };
}
