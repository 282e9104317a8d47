import { isCancellation, log } from '@temporalio/workflow';
import type { Pause, PartitionControl, PartitionStanding } from '../operator-messages.js';
import { controlSignal, releaseSignal } from '../operator-messages.js';
import { isWorthTelling, slicesAtOnce } from '../slices-at-once.js';
import type { PartitionHandle } from './start-partition.js';

/**
 * How a partition that has begun stands. `active`: it has a place in the window. `waiting`: all that is left of it waits for something; it has
 * given its place up. `queued`: it could go on, and waits for a place.
 */
interface Member {
  mode: 'active' | 'waiting' | 'queued';
  handle: PartitionHandle | undefined;
  told: PartitionControl;
  /** Whether it has said that nothing of it runs, since it was told something last. */
  idle: boolean;
  waitsFor: readonly string[];
  /** What it is told to try again once it has a place. */
  release: readonly string[];
}

/** The partitions that have begun and not ended, and what each has been told. `onChange` is called when something of it may show. */
export class PartitionFleet {
  readonly #members = new Map<number, Member>();
  #width: number;
  #left: number;
  #share: number;
  #pause: Pause = 'none';

  constructor(
    partitions: number,
    width: number,
    readonly onChange: () => void,
  ) {
    this.#left = partitions;
    this.#width = width;
    this.#share = slicesAtOnce(width, partitions);
  }

  /** How many partitions may be begun and not ended now: those that have given their place up do not count. */
  get width(): number {
    if (this.#pause !== 'none') return 0;
    return this.#width + this.#members.size - this.#count('active');
  }

  /** Whether another partition may begin: not before those that could go on, and not while all would wait for the target. */
  get takesMore(): boolean {
    const members = [...this.#members.values()];
    const targetBlocks = members.some(
      ({ mode, waitsFor }) => mode === 'waiting' && waitsFor.some((what) => what.startsWith('target ')),
    );
    return !targetBlocks && members.every(({ mode }) => mode !== 'queued');
  }

  /** Whether nothing of any partition runs, and all know what they have been told. */
  get isIdle(): boolean {
    return [...this.#members.values()].every(({ idle }) => idle);
  }

  /** Takes a partition in that is about to start, and gives what it starts with. */
  begin(partition: number): PartitionControl {
    const told = { revision: 0, slicesAtOnce: this.#share, pause: this.#pause };
    this.#members.set(partition, { mode: 'active', handle: undefined, told, idle: false, waitsFor: [], release: [] });
    return told;
  }

  /** Notes that a partition has started. What changed meanwhile has not reached it: it is told now. */
  started(partition: number, handle: PartitionHandle): void {
    const member = this.#members.get(partition);
    if (member === undefined) return;
    member.handle = handle;
    this.#tell(member);
  }

  ended(partition: number): void {
    this.#members.delete(partition);
    this.#left -= 1;
    const wanted = slicesAtOnce(this.#width, this.#left);
    if (isWorthTelling(this.#share, wanted)) this.#share = wanted;
    this.#arrange();
  }

  /** Takes the operator's wishes over. */
  control(width: number, pause: Pause): void {
    if (width !== this.#width) {
      this.#width = width;
      this.#share = slicesAtOnce(width, Math.max(1, this.#left));
    }
    this.#pause = pause;
    this.#arrange();
  }

  /** Notes what a partition says of itself. Gives what it waits for, where it has just begun to. */
  standing({ partition, heard, waitsFor }: PartitionStanding): readonly string[] {
    const member = this.#members.get(partition);
    // What it said before it knew what it has been told since is out of date; it says it again.
    if (member === undefined || heard < member.told.revision) return [];
    member.idle = true;
    member.waitsFor = waitsFor;
    const begins = member.mode === 'active' && waitsFor.length > 0;
    if (begins) member.mode = 'waiting';
    this.#arrange();
    return begins ? waitsFor : [];
  }

  /** Lets partitions try again that wait for this thing; without one, all that wait. */
  release(what?: string): void {
    for (const member of this.#members.values()) {
      if (member.mode !== 'waiting' || (what !== undefined && !member.waitsFor.includes(what))) continue;
      member.release = what === undefined ? member.waitsFor : [what];
      member.mode = 'queued';
    }
    this.#arrange();
  }

  /** Gives places to those that queue, takes them from the newest where there are too many, and tells who must know. */
  #arrange(): void {
    let free = this.#width - this.#count('active');
    for (const member of this.#members.values()) {
      if (free <= 0 || member.mode !== 'queued') continue;
      member.mode = 'active';
      free -= 1;
    }
    for (const member of [...this.#members.values()].reverse()) {
      if (free >= 0) break;
      if (member.mode !== 'active') continue;
      member.mode = 'queued';
      free += 1;
    }
    for (const member of this.#members.values()) this.#tell(member);
    this.onChange();
  }

  #tell(member: Member): void {
    const { handle, mode, told } = member;
    if (handle === undefined) return;
    // One that waits is told when its wait is over.
    const share = mode === 'active' ? this.#share : mode === 'queued' ? 0 : told.slicesAtOnce;
    if (share !== told.slicesAtOnce || this.#pause !== told.pause) {
      member.told = { revision: told.revision + 1, slicesAtOnce: share, pause: this.#pause };
      member.idle = false;
      this.#send(handle, () => handle.signal(controlSignal, member.told));
    }
    if (mode === 'active' && member.release.length > 0) {
      const whats = member.release;
      member.release = [];
      member.waitsFor = [];
      member.idle = false;
      this.#send(handle, () => handle.signal(releaseSignal, { whats }));
    }
  }

  #send({ workflowId }: PartitionHandle, send: () => Promise<void>): void {
    send().catch((error: unknown) => {
      // It has closed in the meantime, and whoever awaits its result learns how.
      if (!isCancellation(error)) log.warn('a partition could not be told what to do', { workflowId, error });
    });
  }

  #count(mode: Member['mode']): number {
    let count = 0;
    for (const member of this.#members.values()) if (member.mode === mode) count += 1;
    return count;
  }
}
