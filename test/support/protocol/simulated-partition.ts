import type { PartitionDirectives } from '../../../src/domain/directives.js';
import type { Tally } from '../../../src/domain/figures/tally.js';
import type { MigrationFailure } from '../../../src/workflows/messages.js';
import { partitionMemo } from '../../../src/workflows/partition/partition-memo.js';
import {
  carriedOver,
  initialPartition,
  type PartitionState,
} from '../../../src/workflows/partition/partition-state.js';
import { stepPartition, type PartitionEvent } from '../../../src/workflows/partition/step-partition.js';
import { chance } from '../random-numbers.js';
import type { Agenda } from './agenda.js';
import { Inbox } from './simulated-inbox.js';
import { unitsPerSlice, type ScheduledSlice, type SimulatedSlices } from './simulated-slices.js';

/** What a partition is started with. */
export interface PartitionStart {
  readonly root: { readonly runId: number };
  readonly partition: number;
  readonly slices: number;
  readonly scheduledMax: number;
  readonly directives: PartitionDirectives;
}

/** A partition's workflow: the real state machine, with what its driver and the server do around it. */
export class SimulatedPartition {
  #state: PartitionState;
  #inbox: Inbox<PartitionEvent>;
  readonly #active = new Set<ScheduledSlice>();
  readonly #completed = new Map<number, number>();
  /** How often each slice was scheduled since the partition was told something new, and when that was. */
  readonly #scheduled = new Map<number, number>();
  #toldAtMs: number;
  #isCancelled = false;
  closed = false;

  constructor(
    readonly start: PartitionStart,
    readonly agenda: Agenda,
    readonly slices: SimulatedSlices,
    readonly ended: (tally: Tally | 'cancelled' | MigrationFailure) => void,
  ) {
    this.#state = initialPartition(start);
    this.#toldAtMs = agenda.nowMs;
    this.#inbox = this.#openInbox([{ kind: 'begun' }]);
  }

  get memo() {
    return partitionMemo(this.#state);
  }

  get tally(): Tally {
    return this.#state.tally;
  }

  /** A signal that the server has stored; `root` is the run that has sent it. */
  told(root: number, directives: PartitionDirectives): void {
    if (root === this.start.root.runId) this.#inbox.add({ kind: 'told', directives });
  }

  /** A worker has seen a credential change. */
  renewed(): void {
    if (!this.closed) this.#inbox.add({ kind: 'renewed' });
  }

  cancel(): void {
    if (this.closed || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#inbox.add({ kind: 'cancelled' });
  }

  #openInbox(events: readonly PartitionEvent[]): Inbox<PartitionEvent> {
    const inbox: Inbox<PartitionEvent> = new Inbox(this.agenda, (event) => {
      this.#take(event);
      // The server may find any history long.
      if (!this.closed && !this.#state.isLong && chance(this.agenda.random, 0.01))
        this.#take({ kind: 'history-is-long' });
    });
    for (const event of events) inbox.add(event);
    return inbox;
  }

  #take(event: PartitionEvent): void {
    if (this.closed) return;
    const inbox = this.#inbox;
    const before = this.#state;
    const [state, commands] = stepPartition(before, event, this.agenda.nowMs);
    this.#state = state;
    if (state.directives !== before.directives || event.kind === 'renewed') {
      this.#toldAtMs = this.agenda.nowMs;
      this.#scheduled.clear();
    }
    for (const command of commands) {
      if (command.kind === 'schedule') this.#schedule(command.slice, command.canary);
      else if (command.kind === 'interrupt-slices') for (const slice of [...this.#active]) this.slices.cancel(slice);
      else if (command.kind === 'wake') {
        this.agenda.after(Math.max(1, command.atMs - this.agenda.nowMs), 2_000, () => inbox.add({ kind: 'woken' }));
      } else this.#end(command.as);
    }
    this.#check();
  }

  #schedule(slice: number, canary: boolean): void {
    const { partition, root } = this.start;
    const { pause, revision } = this.#state.directives;
    if (pause !== 'none') throw new Error(`p${partition} schedules s${slice} although it is paused`);
    if (this.#state.ending !== undefined || this.#state.isLong) throw new Error('a partition that ends schedules');
    if (this.#completed.has(slice)) throw new Error(`p${partition}/s${slice} is scheduled although it is complete`);
    const times = (this.#scheduled.get(slice) ?? 0) + 1;
    this.#scheduled.set(slice, times);
    // One for each unit that it may finish, a few at once, then ever more slowly.
    const allowed = unitsPerSlice + 10 + (this.agenda.nowMs - this.#toldAtMs) / 10_000;
    if (times > allowed) throw new Error(`p${partition}/s${slice} is scheduled ${times} times, of ${allowed} allowed`);
    // It belongs to this run: another, after a continue-as-new, does not hear of it.
    const inbox = this.#inbox;
    const scheduled: ScheduledSlice = this.slices.schedule({
      ...{ slice: `${partition}/${slice}`, canary, revision, epoch: root.runId },
      ended: (result) => {
        this.#active.delete(scheduled);
        if (result.state === 'complete') this.#completed.set(slice, (this.#completed.get(slice) ?? 0) + 1);
        inbox.add({ kind: 'ended', slice, result });
      },
      interrupted: () => {
        this.#active.delete(scheduled);
        inbox.add({ kind: 'interrupted', slice });
      },
    });
    this.#active.add(scheduled);
  }

  #end(as: 'complete' | 'continued' | 'cancelled' | MigrationFailure): void {
    if (this.#active.size > 0) throw new Error('a partition ends while its slices run');
    const left = this.#inbox.close();
    if (as === 'continued') {
      const carried = JSON.parse(JSON.stringify(carriedOver(this.#state))) as ReturnType<typeof carriedOver>;
      this.#state = initialPartition({ ...this.start, directives: this.#state.directives, ...carried });
      // The server gives what has arrived too late for the old run to the new one.
      this.#inbox = this.#openInbox([
        { kind: 'begun' },
        ...left.filter(({ kind }) => kind === 'told' || kind === 'renewed' || kind === 'cancelled'),
      ]);
      return;
    }
    this.closed = true;
    this.ended(as === 'complete' ? this.#state.tally : as);
  }

  #check(): void {
    const { slices, things, scheduledMax } = this.#state;
    const running = slices.filter(({ place }) => place.at === 'running');
    if (running.length > scheduledMax) throw new Error(`${running.length} slices are scheduled, of ${scheduledMax}`);
    for (const { what } of things) {
      const canaries = running.filter(({ place }) => place.at === 'running' && place.canaryOf === what);
      if (canaries.length > 1) throw new Error(`${canaries.length} canaries try for ${what}`);
    }
    for (const [slice, times] of this.#completed) if (times > 1) throw new Error(`s${slice} completed ${times} times`);
  }
}
