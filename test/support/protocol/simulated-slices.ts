import type { SliceResult } from '../../../src/domain/figures/slice-report.js';
import type { Tally } from '../../../src/domain/figures/tally.js';
import { tallyOf } from '../fakes/tally-of.js';
import { chance, pick, upTo } from '../random-numbers.js';
import type { Agenda } from './agenda.js';

export const unitsPerSlice = 4;

/** What may be wrong with the world outside. */
export interface Weather {
  readonly blocked: Set<string>;
  /** Attempts die, results are lost, stores are slow. */
  rough: boolean;
}

/** A slice as a partition has scheduled it: the server gives it to a worker again and again until it has a result. */
export interface ScheduledSlice {
  readonly slice: string;
  readonly canary: boolean;
  readonly revision: number;
  readonly epoch: number;
  readonly ended: (result: SliceResult) => void;
  readonly interrupted: () => void;
  isCancelled: boolean;
  isRunning: boolean;
  isOver: boolean;
}

/** The directives as in the memo of the newest root. */
export type ReadDirectives = () => { readonly epoch: number; readonly revision: number; readonly draining: boolean };

/** Slots of workers, the ledger, and the attempts at slices. */
export class SimulatedSlices {
  readonly #queue: ScheduledSlice[] = [];
  /** Units that have a receipt, of each slice, and the account of each unit. */
  readonly #receipts = new Map<string, Set<number>>();
  readonly #accounts = new Map<string, readonly string[]>();
  #cached: ReturnType<ReadDirectives> | undefined;
  #cachedAtMs = 0;
  #running = 0;
  attempts = 0;

  constructor(
    readonly agenda: Agenda,
    readonly weather: Weather,
    readonly slots: number,
    readonly read: ReadDirectives,
  ) {}

  /** Slices that are queued or run, for the root of this epoch. */
  active(epoch: number): number {
    return this.#active.filter((slice) => slice.epoch === epoch).length;
  }

  readonly #active: ScheduledSlice[] = [];

  schedule(wanted: Omit<ScheduledSlice, 'isCancelled' | 'isRunning' | 'isOver'>): ScheduledSlice {
    const slice = { ...wanted, isCancelled: false, isRunning: false, isOver: false };
    this.#active.push(slice);
    this.#queue.push(slice);
    this.#dispatch();
    return slice;
  }

  /** One that is queued ends at once; one that runs hears of it with a heartbeat. */
  cancel(slice: ScheduledSlice): void {
    if (slice.isOver || slice.isCancelled) return;
    slice.isCancelled = true;
    if (!slice.isRunning) this.#over(slice, slice.interrupted);
  }

  /** The workflow that has scheduled it is gone: nobody hears of its end. */
  abandon(slice: ScheduledSlice): void {
    if (!slice.isOver) this.#over(slice, () => {});
  }

  #over(slice: ScheduledSlice, tell: () => void): void {
    slice.isOver = true;
    this.#active.splice(this.#active.indexOf(slice), 1);
    const at = this.#queue.indexOf(slice);
    if (at >= 0) this.#queue.splice(at, 1);
    tell();
  }

  #dispatch(): void {
    while (this.#running < this.slots) {
      const slice = this.#queue.shift();
      if (slice === undefined) return;
      slice.isRunning = true;
      this.#running += 1;
      this.attempts += 1;
      this.#attempt(slice);
    }
  }

  /** A slot becomes free at the end of an attempt, whether or not anybody still waits for its result. */
  #leaveSlot(slice: ScheduledSlice): void {
    slice.isRunning = false;
    this.#running -= 1;
    this.agenda.after(1, 100, () => this.#dispatch());
  }

  #attempt(slice: ScheduledSlice): void {
    const { random } = this.agenda;
    const drains = this.#drains(slice);
    const takesMs = this.weather.rough ? 2_000 : 200;
    this.agenda.after(10, takesMs, () => {
      if (this.weather.rough && chance(random, 0.1)) {
        this.#die(slice);
        return;
      }
      const result = this.#move(slice, drains);
      this.#leaveSlot(slice);
      if (slice.isOver) return;
      // The ledger is written, the report is lost.
      if (this.weather.rough && chance(random, 0.05)) this.#again(slice);
      else if (slice.isCancelled && chance(random, 0.3)) this.#over(slice, slice.interrupted);
      else this.#over(slice, () => slice.ended(result));
    });
  }

  #die(slice: ScheduledSlice): void {
    // The slot is another process's at once; the server notices with the heartbeat timeout.
    this.#leaveSlot(slice);
    slice.isRunning = true;
    this.agenda.after(60_000, 0, () => {
      slice.isRunning = false;
      this.#again(slice);
    });
  }

  #again(slice: ScheduledSlice): void {
    if (slice.isOver) return;
    if (slice.isCancelled) this.#over(slice, slice.interrupted);
    else {
      this.#queue.push(slice);
      this.#dispatch();
    }
  }

  #drains({ epoch, revision }: ScheduledSlice): boolean {
    const isOld = this.#cached === undefined || this.agenda.nowMs - this.#cachedAtMs > 10_000;
    const isBehind = this.#cached?.epoch !== epoch || this.#cached.revision < revision;
    if (isOld || isBehind) {
      this.#cached = this.read();
      this.#cachedAtMs = this.agenda.nowMs;
    }
    return this.#cached?.draining === true && this.#cached.revision >= revision;
  }

  /** Moves what can be moved now, and says what is left. */
  #move({ slice, canary, isCancelled }: ScheduledSlice, drains: boolean): SliceResult {
    const { blocked, rough } = this.weather;
    const { random } = this.agenda;
    const receipts = this.#receipts.get(slice) ?? new Set();
    this.#receipts.set(slice, receipts);
    const tally = (): Tally => tallyOf(receipts.size);
    if (receipts.size === unitsPerSlice) return { state: 'complete', tally: tally() };
    if (drains || isCancelled) return { state: 'partial', tally: tally() };
    const deferred: string[] = [];
    for (let unit = 0; unit < unitsPerSlice; unit += 1) {
      if (receipts.has(unit)) continue;
      const account = this.#accountsOf(slice)[unit] ?? '';
      const what = blocked.has('target archive') ? 'target archive' : blocked.has(account) ? account : undefined;
      if (what !== undefined) {
        deferred.push(what);
        if (canary || what === 'target archive') break;
      } else if (rough && chance(random, 0.05)) return this.#handBack(tally());
      else receipts.add(unit);
    }
    const [what] = deferred;
    if (what === undefined) return { state: 'complete', tally: tally() };
    const kept = { what, class: 'SourceAuth', message: 'expired', deferred: deferred.length } as const;
    return { state: 'blocked', tally: tally(), ...kept };
  }

  #handBack(tally: Tally): SliceResult {
    if (chance(this.agenda.random, 0.5)) return { state: 'partial', tally };
    return { state: 'waiting', tally, retryInMs: 1_000 + upTo(this.agenda.random, 59_000), waiting: [] };
  }

  #accountsOf(slice: string): readonly string[] {
    const known = this.#accounts.get(slice);
    if (known !== undefined) return known;
    const accounts = Array.from({ length: unitsPerSlice }, () =>
      pick(this.agenda.random, ['account east', 'account east', 'account west', 'account north']),
    );
    this.#accounts.set(slice, accounts);
    return accounts;
  }
}
