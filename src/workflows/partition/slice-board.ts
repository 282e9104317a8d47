import type { Slice } from '../../domain/layout.js';
import type { Blocked } from '../../domain/progress.js';
import type { SliceResult } from '../../domain/slice-report.js';
import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import { blockedList } from './blocked-list.js';
import { packDone, unpackDone } from './done-slices.js';
import type { PartitionDone, PartitionMemo, SlicesAnswer } from '../messages.js';

// A signal is meant to stay small; the others follow when these have been released.
const thingsMax = 16;

interface Waiting {
  readonly slice: Slice;
  readonly tally: Tally;
  readonly blocked: Blocked;
}

/** A slice that was waiting and may start again. It is still blocked, for all that is known, while it tries for others. */
interface Released {
  readonly tally: Tally;
  readonly blocked: Blocked | undefined;
}

/**
 * Where each slice of a partition stands: ready, running, waiting or complete. Slices that are blocked wait while the others go on. When
 * they are released, one for each thing that blocks tries first; once it gets through, the others follow, so that a long outage
 * costs one attempt now and then and not one for each slice.
 */
export class SliceBoard {
  readonly #slices: readonly Slice[];
  readonly #complete: Set<number>;
  readonly #running = new Set<number>();
  readonly #released = new Map<number, Released>();
  /** The next one to start is the last. */
  #ready: Slice[];
  #waiting: Waiting[] = [];
  #tally: Tally;

  constructor(slices: readonly Slice[], done: PartitionDone | undefined) {
    this.#slices = slices;
    this.#complete = done === undefined ? new Set() : unpackDone(done.slices);
    this.#tally = done?.tally ?? emptyTally;
    this.#ready = slices.filter(({ slice }) => !this.#complete.has(slice)).reverse();
  }

  get isReady(): boolean {
    return this.#ready.length > 0;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** What slices wait for, each thing once. */
  get waitsFor(): readonly string[] {
    return [...new Set(this.#waiting.map(({ blocked }) => blocked.what))].slice(0, thingsMax);
  }

  get isComplete(): boolean {
    return this.#complete.size === this.#slices.length;
  }

  /** The tally of the complete slices. */
  get tally(): Tally {
    return this.#tally;
  }

  take(): Slice | undefined {
    const slice = this.#ready.pop();
    if (slice !== undefined) this.#running.add(slice.slice);
    return slice;
  }

  /** Tells whether a slice that has just been taken has waited before: then the memo no longer counts it. */
  hasWaited(slice: Slice): boolean {
    return this.#released.has(slice.slice);
  }

  /** Puts a slice back that was interrupted: it is the next one to start. */
  putBack(slice: Slice): void {
    this.#running.delete(slice.slice);
    this.#ready.push(slice);
  }

  /** Notes what an attempt ended with, at `now` (ISO 8601 UTC). Tells whether the memo changes by it. */
  ended(slice: Slice, result: SliceResult, now: string): boolean {
    const before = this.#released.get(slice.slice)?.blocked;
    this.#running.delete(slice.slice);
    this.#released.delete(slice.slice);
    if (result.state === 'blocked') {
      const { what, class: failureClass, message, deferred, tally } = result;
      const known = [before, ...this.#waiting.map(({ blocked }) => blocked)].find((blocked) => blocked?.what === what);
      const blocked = { what, class: failureClass, message, since: known?.since ?? now, units: deferred };
      this.#waiting.push({ slice, tally, blocked });
      return true;
    }
    // It got through, so the others may follow.
    if (before !== undefined) this.#release(({ blocked }) => blocked.what === before.what, 'free');
    if (result.state === 'partial') {
      this.#ready.push(slice);
      return before !== undefined;
    }
    this.#complete.add(slice.slice);
    this.#tally = addTallies(this.#tally, result.tally);
    return true;
  }

  /** Lets one waiting slice try again for each of these things. */
  retryWaiting(whats: readonly string[]): void {
    const left = new Set(whats);
    this.#release(({ blocked }) => left.delete(blocked.what), 'trying');
  }

  memo(): PartitionMemo {
    const released = [...this.#released].filter(([slice]) => !this.#running.has(slice));
    const idle = [...this.#waiting, ...released.map(([, one]) => one)];
    const blocked = [...this.#waiting, ...this.#released.values()].map((one) => one.blocked);
    return {
      tally: idle.reduce((sum, { tally }) => addTallies(sum, tally), this.#tally),
      blocked: blockedList(blocked.filter((one) => one !== undefined)),
    };
  }

  done(): PartitionDone {
    return { slices: packDone(this.#complete, this.#slices.length), tally: this.#tally };
  }

  answer(): SlicesAnswer {
    return {
      of: this.#slices.length,
      complete: this.#complete.size,
      running: [...this.#running],
      waiting: this.#waiting.map(({ slice }) => slice.slice),
    };
  }

  /** Moves waiting slices behind all that has not been tried yet. */
  #release(which: (waiting: Waiting) => boolean, as: 'trying' | 'free'): void {
    const stay: Waiting[] = [];
    const go: Waiting[] = [];
    for (const waiting of this.#waiting) (which(waiting) ? go : stay).push(waiting);
    this.#waiting = stay;
    for (const { slice, tally, blocked } of go) {
      this.#released.set(slice.slice, { tally, blocked: as === 'trying' ? blocked : undefined });
    }
    this.#ready = [...go.map(({ slice }) => slice).reverse(), ...this.#ready];
  }
}
