import type { ProbedTarget } from './probed-target.js';

/** What to look at, and for which migration. */
export interface TargetProbing {
  readonly stores: ProbedTarget;
  /** `<control prefix>/<name>` */
  readonly base: string;
  /** Whose credential it is: an operator needs only the control prefix, a worker target objects as well. */
  readonly role: 'operator' | 'worker';
  /** The key of some unit, beside which the credential must be able to write. */
  readonly exampleKey: string;
  /** What the keys of all target objects begin with. */
  readonly keyPrefix: string;
  readonly nowMs: number;
  /** Sizes of the parts of an uneven upload; by default the smallest that S3 accepts. */
  readonly partBytes?: readonly number[];
  readonly signal: AbortSignal;
  /** Called after each probe. */
  readonly advanced?: (() => void) | undefined;
}
