import type { PartitionDirectives } from '../../../src/domain/directives.js';
import type { Tally } from '../../../src/domain/figures/tally.js';
import type { MigrationFailure } from '../../../src/workflows/messages.js';
import { OperatorDesk } from '../../../src/workflows/migration/operator-desk.js';
import { initialRoot, type RootState } from '../../../src/workflows/migration/root-state.js';
import { stepRoot, type RootEvent } from '../../../src/workflows/migration/step-root.js';
import { chance, upTo } from '../random-numbers.js';
import type { Agenda } from './agenda.js';
import { Inbox } from './simulated-inbox.js';
import { SimulatedPartition } from './simulated-partition.js';
import type { SimulatedSlices } from './simulated-slices.js';

/** Shape of a simulated migration. */
export interface Shape {
  readonly partitions: number;
  readonly slices: number;
  readonly scheduledMax: number;
}

// A dead worker's slice is noticed after a minute; workflow tasks may take one.
const comesToRestWithinMs = 900_000;

const echo: MigrationFailure = { class: 'Unexpected', message: 'cancelled' };

/**
 * A root's workflow: the real state machine and desk, with what its driver, its activities and the server do around
 * them.
 */
export class SimulatedRoot {
  readonly desk = new OperatorDesk({ acceptFailures: false });
  /** Its own partitions, by number. */
  readonly partitions = new Map<number, SimulatedPartition>();
  readonly #inbox: Inbox<RootEvent>;
  #state: RootState;
  #events = 0;
  #commands = 0;
  #vacancies = 0;
  #changedAtMs: number;
  end: 'complete' | 'cancelled' | MigrationFailure | undefined;
  isTerminated = false;
  /** Revision under which `observe` has seen all at rest. */
  rest: number | undefined;

  constructor(
    readonly runId: number,
    readonly shape: Shape,
    readonly agenda: Agenda,
    readonly slices: SimulatedSlices,
    /** Open partitions of all runs, by number: the server lets an id be open once. */
    readonly ids: Map<number, SimulatedPartition>,
  ) {
    this.#state = initialRoot(shape.partitions, this.desk.forPartitions);
    this.#inbox = new Inbox(agenda, (event) => this.#take(event));
    this.#changedAtMs = agenda.nowMs;
    this.desk.listen(() => (this.#changedAtMs = agenda.nowMs));
    this.desk.listen(() => this.#inbox.add({ kind: 'directives', directives: this.desk.forPartitions }));
    this.#inbox.add({ kind: 'begun' });
  }

  get tally(): Tally {
    return this.#state.tally;
  }

  get isOpen(): boolean {
    return this.end === undefined && !this.isTerminated;
  }

  get isCancelled(): boolean {
    return this.#state.ending === 'cancelled';
  }

  /** Lets the operator ask for something: the update, the memo, the workflow task. */
  operate(act: (desk: OperatorDesk) => void): void {
    this.#commands += 1;
    this.#events += 3;
    act(this.desk);
  }

  cancel(): void {
    this.desk.close('cancelled');
    this.#inbox.add({ kind: 'cancelled' });
  }

  terminate(): void {
    this.isTerminated = true;
    this.#inbox.close();
    for (const partition of this.partitions.values()) this.agenda.after(10, 5_000, () => partition.cancel());
  }

  /** `observe`: notes whether all has come to rest, and proves that it has. */
  observe(): void {
    if (!this.isOpen || this.partitions.size < this.shape.partitions) return;
    const open = [...this.partitions.values()].filter(({ closed }) => !closed);
    const rests = new Set(open.map(({ memo }) => memo.rest));
    const [rest] = rests;
    const asked = this.desk.forPartitions;
    const pausedMs = asked.pause === 'none' || this.isCancelled ? 0 : this.agenda.nowMs - this.#changedAtMs;
    const isAtRest = open.length === 0 || (rests.size === 1 && rest === asked.revision);
    if (pausedMs > comesToRestWithinMs && !isAtRest) {
      throw new Error('a paused migration does not come to rest');
    }
    if (rests.size !== 1 || rest === undefined) return;
    this.rest = rest;
    const { revision, pause } = this.desk.forPartitions;
    if (rest === revision && pause !== 'none' && this.slices.active(this.runId) > 0) {
      throw new Error('shown as paused while slices are scheduled');
    }
  }

  get isPaused(): boolean {
    return this.desk.forPartitions.pause !== 'none' && this.rest === this.desk.forPartitions.revision;
  }

  #take(event: RootEvent): void {
    if (!this.isOpen) return;
    this.#events += eventsOf[event.kind];
    const [state, commands] = stepRoot(this.#state, event);
    this.#state = state;
    for (const command of commands) {
      switch (command.kind) {
        case 'start':
          this.#start(command.partition, command.directives);
          break;
        case 'tell':
          this.#tell(command.directives, 0);
          break;
        case 'await-vacancy':
          this.#vacancies += 1;
          this.#awaitVacancy();
          break;
        case 'cancel-partitions':
          for (const partition of this.partitions.values()) this.agenda.after(1, 1_000, () => partition.cancel());
          break;
        case 'end':
          this.end = command.as;
          this.#checkEnd();
      }
    }
  }

  #start(partition: number, directives: PartitionDirectives): void {
    this.agenda.after(1, 3_000, () => {
      if (!this.isOpen) return;
      if (this.ids.has(partition)) {
        this.#inbox.add({ kind: 'occupied', partition });
        return;
      }
      if (this.isCancelled) {
        this.#inbox.add({ kind: 'failed', partition, failure: echo });
        return;
      }
      const started = new SimulatedPartition(
        { ...this.shape, root: this, partition, directives },
        this.agenda,
        this.slices,
        (result) => {
          this.ids.delete(partition);
          if (typeof result === 'object' && 'units' in result) {
            this.#inbox.add({ kind: 'completed', partition, tally: result });
          } else this.#inbox.add({ kind: 'failed', partition, failure: echo });
        },
      );
      this.ids.set(partition, started);
      this.partitions.set(partition, started);
      this.#inbox.add({ kind: 'started', partition });
    });
  }

  /**
   * The activity: signals all, may fail half way, and signals them again. A signal may be stored twice, and much later.
   */
  #tell(directives: PartitionDirectives, attempt: number): void {
    const { random } = this.agenda;
    this.agenda.after(10, 2_000, () => {
      // A worker that does not know yet that the root is gone continues to signal.
      const open = [...this.ids.values()];
      const failsAt = chance(random, 0.2) && attempt < 5 ? upTo(random, open.length + 1) : Number.POSITIVE_INFINITY;
      for (const [number, partition] of open.entries()) {
        if (number >= failsAt) {
          this.#tell(directives, attempt + 1);
          return;
        }
        partition.told(this.runId, directives);
        if (chance(random, 0.1)) this.agenda.after(0, 300_000, () => partition.told(this.runId, directives));
      }
      this.#inbox.add({ kind: 'told' });
    });
  }

  #awaitVacancy(): void {
    this.agenda.after(10, 4_000, () => {
      const isOpen = [...this.ids.values()].some(({ start }) => start.root.runId !== this.runId);
      if (!isOpen) this.#inbox.add({ kind: 'vacated' });
      else if (this.isOpen) this.#awaitVacancy();
    });
  }

  #checkEnd(): void {
    if ([...this.ids.values()].some(({ start }) => start.root === this)) {
      throw new Error('a root ends while its partitions are open');
    }
    const events = this.#events + 3 * this.#inbox.tasks;
    const allowed = 10 * this.shape.partitions + 20 * this.#commands + 60 * this.#vacancies + 20;
    if (events > allowed) throw new Error(`the root has ${events} events, of ${allowed} allowed`);
  }
}

/** The number of the server's events for each event that a root takes, including those of the request for it. */
const eventsOf: Readonly<Record<RootEvent['kind'], number>> = {
  ...{ begun: 1, started: 2, occupied: 2, vacated: 3, completed: 1, failed: 1, 'given-up': 3 },
  ...{ directives: 0, told: 3, cancelled: 1 },
};
