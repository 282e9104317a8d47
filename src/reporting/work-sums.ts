import type { FailureClass } from '../domain/failure-classes.js';
import type { Receipt } from '../domain/receipt.js';
import type { PlannedRequests } from '../planning/plan-sums.js';
import { Distribution, type DistributionFigures } from './distribution.js';
import { retriesOf } from './retries-of.js';
import { TopList } from './top-list.js';
import type { UnitAmount } from './unit-sums.js';

/** A unit that took long, and the round in which it did. */
export interface SlowUnit extends UnitAmount {
  readonly round: number;
  readonly seconds: number;
  /** Requests that had to be repeated. */
  readonly retries: number;
}

/** Requests that had to be repeated because of one class of failures, and the units that made them. */
export interface RetriedClass {
  readonly class: FailureClass;
  readonly requests: number;
  readonly units: number;
}

const slowestMax = 10;

/** Adds up the work of all rounds: time, requests and retries. Takes each receipt of each round once. */
export class WorkSums {
  readonly #slowest = new TopList<SlowUnit>(slowestMax);
  readonly #milliseconds = new Distribution();
  readonly #retried = new Map<FailureClass, { requests: number; units: number }>();
  #retriedUnits = 0;
  #timedUnits = 0;
  #requests: PlannedRequests = { lists: 0, sourceHeads: 0, reads: 0, puts: 0, targetHeads: 0 };
  #movedBytes = 0;

  add(round: number, receipt: Receipt): void {
    this.#addRequests(receipt);
    if (receipt.state === 'done') this.#movedBytes += receipt.bytes.source;
    if (receipt.took === undefined) return;
    this.#timedUnits += 1;
    const retries = retriesOf(receipt);
    for (const [failureClass, requests] of retries) this.#addRetries(failureClass, requests);
    if (retries.length > 0) this.#retriedUnits += 1;
    const { id, key, blobs, bytes, took } = receipt;
    this.#milliseconds.add(took.ms);
    const repeated = retries.reduce((sum, [, requests]) => sum + requests, 0);
    const slow = { round, id, key, blobs, bytes, seconds: took.ms / 1_000, retries: repeated };
    this.#slowest.add(slow, took.ms);
  }

  #addRetries(failureClass: FailureClass, requests: number): void {
    const sum = this.#retried.get(failureClass) ?? { requests: 0, units: 0 };
    this.#retried.set(failureClass, { requests: sum.requests + requests, units: sum.units + 1 });
  }

  /** Counts the fewest requests that such a unit can have needed. */
  #addRequests({ state, blobs, target }: Receipt): void {
    const { lists, sourceHeads, reads, puts, targetHeads } = this.#requests;
    const parts = state === 'done' ? (target?.parts ?? 1) : 0;
    this.#requests = {
      lists: lists + 1,
      sourceHeads,
      reads: reads + (state === 'done' ? blobs : 0),
      // More than one part: create, the parts, complete, and a HEAD before.
      puts: puts + (parts > 1 ? parts + 2 : parts),
      targetHeads: targetHeads + (parts > 1 || state === 'found' ? 1 : 0),
    };
  }

  get slowest(): readonly SlowUnit[] {
    return this.#slowest.items;
  }

  /** How long units took, in milliseconds; null where no receipt says. */
  get milliseconds(): DistributionFigures | null {
    return this.#milliseconds.figures;
  }

  /** The most frequent class first. `recordedUnits` are those whose receipts say what had to be repeated. */
  get retries(): {
    readonly recordedUnits: number;
    readonly units: number;
    readonly requests: number;
    readonly classes: readonly RetriedClass[];
  } {
    const classes = [...this.#retried]
      .map(([failureClass, sums]) => ({ class: failureClass, ...sums }))
      .sort((a, b) => b.requests - a.requests || (a.class < b.class ? -1 : 1));
    const requests = classes.reduce((sum, each) => sum + each.requests, 0);
    return { recordedUnits: this.#timedUnits, units: this.#retriedUnits, requests, classes };
  }

  get requests(): PlannedRequests {
    return this.#requests;
  }

  /** Source bytes that were read and moved. */
  get movedBytes(): number {
    return this.#movedBytes;
  }
}
