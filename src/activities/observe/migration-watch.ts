import pLimit from 'p-limit';
import { partitionWorkflowId } from '../../domain/ids.js';
import type { Blocked, Progress } from '../../domain/progress.js';
import type { Tally } from '../../domain/tally.js';
import type { MigrationRuns, RootRun } from '../activity-dependencies.js';
import type { ObserveInput } from '../activity-messages.js';
import type { PartitionView } from './partition-view.js';
import { etaSeconds, RateWindow } from './rate-window.js';
import { listBlocked, maxTallies, partitionTally, sumTallies } from './sum-progress.js';

// Describing is cheap, but a new watch describes all partitions that have been started, up to 500.
const describesAtOnce = 8;

/** Looks at the partitions of one root run and sums their figures, which never go down while it lives. */
export class MigrationWatch {
  readonly #partitions: readonly string[];
  readonly #closed = new Set<string>();
  readonly #tallies = new Map<string, Tally>();
  readonly #rates = new RateWindow();
  #started = 0;
  #floor: Tally;
  #blocked: readonly Blocked[] = [];
  #running = 0;

  constructor(
    readonly runs: MigrationRuns,
    readonly root: RootRun,
    readonly input: ObserveInput,
    floor: Tally,
  ) {
    this.#floor = floor;
    const { name, round, partitions } = input;
    this.#partitions = Array.from({ length: partitions }, (_, number) => partitionWorkflowId(name, round, number));
  }

  /** Milliseconds until the next look: often while there is little to look at, and seldom enough to cost next to nothing. */
  get intervalMs(): number {
    return Math.min(Math.max(2_000, 250 * this.#running), 15_000);
  }

  /** Gives the figures of now, or undefined once the root has closed. */
  async look(nowMs: number): Promise<Progress | undefined> {
    const running = await this.runs.runningPartitions(this.root);
    if (running === undefined) return undefined;
    this.#running = running.length;
    // They are started in order, so whatever comes before one that runs has been started, and may have closed between two looks.
    for (const id of running) this.#started = Math.max(this.#started, this.#partitions.indexOf(id) + 1);
    const open = this.#partitions.slice(0, this.#started).filter((id) => !this.#closed.has(id));
    const views = await this.#describe(open);

    const now = new Date(nowMs).toISOString();
    this.#floor = maxTallies(this.#floor, sumTallies(this.#tallies.values()));
    this.#blocked = listBlocked(
      views.filter(({ closed }) => !closed),
      this.#blocked,
      now,
    );
    const { round, total } = this.input;
    const rate = this.#rates.add(nowMs, this.#floor);
    const eta = etaSeconds(total, this.#floor, rate);
    return { round, total, tally: this.#floor, rate, etaSeconds: eta, blocked: this.#blocked, at: now };
  }

  async #describe(ids: readonly string[]): Promise<readonly PartitionView[]> {
    const limit = pLimit(describesAtOnce);
    const views = await Promise.all(ids.map((id) => limit(() => this.#describeOne(id))));
    return views.filter((view) => view !== undefined);
  }

  async #describeOne(id: string): Promise<PartitionView | undefined> {
    const view = await this.runs.describe(id, this.root);
    if (view === undefined) return undefined;
    if (view.closed) this.#closed.add(id);
    const before = this.#tallies.get(id);
    const tally = partitionTally(view);
    this.#tallies.set(id, before === undefined ? tally : maxTallies(before, tally));
    return view;
  }
}
