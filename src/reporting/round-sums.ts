import { receiptTally, type Receipt } from '../domain/receipt.js';
import { addTallies, emptyTally, type Tally } from '../domain/figures/tally.js';
import { retriesOf } from './retries-of.js';
import { TimeSteps, type Steps } from './time-steps.js';

const amountNames = ['units', 'blobs', 'sourceBytes', 'targetBytes', 'retries'] as const;

/** What was done in one step of time: units that ended, what was moved, and requests that had to be repeated. */
export type Throughput = Steps<(typeof amountNames)[number]>;

/** When a round can have worked, in milliseconds since 1970. */
export interface RoundTimes {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Adds up the receipts of one round, in bounded memory. */
export class RoundSums {
  readonly #steps = new TimeSteps(amountNames);
  #tally: Tally = emptyTally;
  #untimed = 0;

  /** Receipts with a time outside of `times` come from a clock that is wrong: they are counted, but in no step. */
  constructor(readonly times: RoundTimes) {}

  add(receipt: Receipt): void {
    this.#tally = addTallies(this.#tally, receiptTally(receipt));
    const atMs = Date.parse(receipt.at);
    if (!(atMs >= this.times.fromMs && atMs <= this.times.toMs)) {
      this.#untimed += 1;
      return;
    }
    const retries = retriesOf(receipt).reduce((sum, [, requests]) => sum + requests, 0);
    this.#steps.add(atMs, { units: 1, retries });
    if (receipt.state !== 'done') return;
    // A unit of hours has moved its bytes in all of them.
    const beganMs = Math.max(this.times.fromMs, atMs - (receipt.took?.ms ?? 0));
    const { blobs, bytes } = receipt;
    this.#steps.spread(beganMs, atMs, { blobs, sourceBytes: bytes.source, targetBytes: bytes.target });
  }

  get tally(): Tally {
    return this.#tally;
  }

  get throughput(): Throughput {
    return this.#steps.steps;
  }

  /** How many receipts are not in {@link throughput}. */
  get untimed(): number {
    return this.#untimed;
  }
}
