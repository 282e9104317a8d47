import pLimit from 'p-limit';
import type { Moment } from '../../domain/moment.js';
import type { Blocked, ObservedProgress } from '../../domain/figures/progress.js';
import { zeroRate } from '../../domain/figures/progress.js';
import { emptyTally, type Tally } from '../../domain/figures/tally.js';
import type { ObserveInput } from '../activity-messages.js';
import type { MigrationRuns, OpenRoot, RootRun } from '../migration-runs.js';
import { chooseDescribed } from './choose-described.js';
import { listBlocked, listWaiting } from './list-blocked.js';
import type { ListedPartition, PartitionFigures, PendingSlice } from './partition-view.js';
import { Pace, type PaceState } from './pace.js';
import { RateWindow } from './rate-window.js';
import { sumMoment } from './sum-moment.js';
import { maxTallies, partitionTally, sumTallies } from './sum-progress.js';

// Enough that a look does not wait for one answer after another, yet a small load for the server.
const describesAtOnce = 8;

/** What is known of one partition. Its slices are those of its last description. */
interface Known {
  figures: PartitionFigures;
  slices: readonly PendingSlice[];
  describedIn: number;
  tally: Tally;
}

/** What an earlier attempt of `observe` knew. */
export interface WatchedBefore {
  readonly tally: Tally;
  /** When its figures were summed up, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly pace?: PaceState | undefined;
}

/** Looks at the partitions of one root run and sums up their figures. The sum never goes down. */
export class MigrationWatch {
  readonly #known = new Map<string, Known>();
  readonly #rates: RateWindow;
  readonly #pace: Pace;
  #round = 0;
  #described = 0;
  #floor: Tally;
  #blocked: readonly Blocked[] = [];
  #waiting: readonly Blocked[] = [];

  constructor(
    readonly runs: MigrationRuns,
    readonly root: RootRun,
    readonly input: ObserveInput,
    before?: WatchedBefore,
  ) {
    this.#floor = before?.tally ?? emptyTally;
    this.#rates = new RateWindow(before);
    this.#pace = new Pace(before);
  }

  /** How fast the round has been so far, for the next attempt of `observe`. */
  get pace(): PaceState | undefined {
    return this.#pace.state;
  }

  /** What was going on at the last look. */
  get moment(): Moment {
    return sumMoment([...this.#known.values()].flatMap(({ slices }) => slices));
  }

  /** Milliseconds until the next look. The more partitions a look describes, the longer. */
  get intervalMs(): number {
    return Math.min(Math.max(2_000, 250 * this.#described), 10_000);
  }

  /** Returns the current figures, or undefined once the root has closed. */
  async look(nowMs: number): Promise<ObservedProgress | undefined> {
    const root = await this.runs.openRoot(this.root);
    if (root === undefined) return undefined;
    for (const partition of await this.runs.listPartitions(this.root)) this.#note(partition);
    await this.#describeSome(root.partitions);
    this.#round += 1;

    const now = new Date(nowMs).toISOString();
    const known = [...this.#known.values()];
    // What the root was told counts as well: the heartbeat of an attempt that died may be older.
    const told = maxTallies(this.#floor, root.tally ?? emptyTally);
    this.#floor = maxTallies(told, sumTallies(known.map(({ tally }) => tally)));
    const open = known.filter(({ figures }) => !figures.closed);
    this.#blocked = listBlocked({ partitions: open, root: root.pending, before: this.#blocked, now });
    this.#waiting = listWaiting({ partitions: open, before: this.#waiting, now });
    return this.#progress(root, nowMs);
  }

  #progress({ pause }: OpenRoot, nowMs: number): ObservedProgress {
    const { round, total } = this.input;
    const rest = this.#rest;
    const rate = this.#rates.add(nowMs, this.#floor);
    const isHeld = pause !== 'none' || this.#blocked.length > 0;
    this.#pace.add(nowMs, this.#floor, isHeld);
    const meanRate = this.#pace.mean(this.#floor);
    // What waits may wait for hours: an estimate would pretend that it does not.
    const isStuck = this.#waiting.length > 0 && rate.unitsPerSecond === 0;
    const eta = isHeld || isStuck ? undefined : this.#pace.eta(total, this.#floor);
    return {
      ...{ round, total, tally: this.#floor, blocked: this.#blocked, at: new Date(nowMs).toISOString() },
      rate: pause !== 'none' && rest !== undefined ? zeroRate : rate,
      ...(meanRate !== undefined && { meanRate }),
      etaSeconds: eta?.seconds ?? null,
      ...(eta !== undefined && { etaRange: eta.range }),
      ...(this.#waiting.length > 0 && { waiting: this.#waiting }),
      ...(rest !== undefined && { rest }),
    };
  }

  /** The revision under which all open partitions have come to rest, if they have. */
  get #rest(): number | undefined {
    if (this.#known.size < this.input.partitions) return undefined;
    const rests = new Set(
      [...this.#known.values()].filter(({ figures }) => !figures.closed).map(({ figures }) => figures.rest),
    );
    return rests.size === 1 ? [...rests][0] : undefined;
  }

  async #describeSome(ids: readonly string[]): Promise<void> {
    const open = ids.map((workflowId) => {
      const { describedIn = -1, slices = [] } = this.#known.get(workflowId) ?? {};
      return { workflowId, describedIn, running: slices.some(({ running }) => running) };
    });
    const chosen = chooseDescribed(open);
    this.#described = chosen.length;
    const limit = pLimit(describesAtOnce);
    await limit.map([...chosen], async (workflowId) => {
      const view = await this.runs.describePartition(workflowId, this.root);
      if (view !== undefined) this.#note({ workflowId, ...view }, view.slices);
    });
  }

  /** Notes what has been seen of a partition. If it was only listed, its slices stay as they were. */
  #note({ workflowId, ...figures }: ListedPartition, slices?: readonly PendingSlice[]): void {
    const before = this.#known.get(workflowId);
    // A list may be out of date: what has closed stays closed.
    if (before?.figures.closed === true) return;
    const tally = slices === undefined ? figures.tally : partitionTally(figures, slices);
    const rest = Math.max(before?.figures.rest ?? -1, figures.rest ?? -1);
    this.#known.set(workflowId, {
      figures: { ...figures, ...(rest >= 0 && { rest }) },
      slices: figures.closed ? [] : (slices ?? before?.slices ?? []),
      describedIn: slices === undefined ? (before?.describedIn ?? -1) : this.#round,
      tally: maxTallies(before?.tally ?? emptyTally, tally),
    });
  }
}
