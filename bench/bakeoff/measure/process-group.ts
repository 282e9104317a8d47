import { readdirSync } from 'node:fs';
import { ProcessParts, type PartFigures } from './process-parts.js';
import { environmentOf, pageBytes, stateOf, ticksPerSecond, type ProcessState } from './process-state.js';

/** What a group of processes has taken. */
export interface GroupFigures {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** The most memory that its processes used together, as the sum of their resident sets. */
  readonly peakBytes: number;
  /** The most processes that lived at once. */
  readonly processesMax: number;
  /** The same by part, the one that took most first. Results of earlier versions have none. */
  readonly parts?: readonly PartFigures[];
}

/** The variable whose value names the group that a process and its children belong to. */
export const groupVariable = 'LONGHAUL_BENCH_GROUP';

/**
 * All processes that carry the name of a group in their environment or descend from one that does, including those that
 * go on running in the background. Call `sample` several times a second. The CPU time of children that this process or
 * a member has waited for is exact; that of other processes is as of the last sample before their end.
 */
export class ProcessGroup {
  readonly #members = new Map<number, ProcessState>();
  /** Processes that are not members; each is checked twice, since a program gets its environment with `exec`. */
  readonly #others = new Map<string, number>();
  readonly #self = stateOf(process.pid);
  readonly #lost = { user: 0, system: 0 };
  readonly #parts = new ProcessParts();
  #peakPages = 0;
  #processesMax = 0;

  constructor(readonly name: string) {}

  sample(): void {
    const pids = readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
    const before = new Map(this.#members);
    this.#members.clear();
    for (const pid of pids) {
      const state = stateOf(pid);
      if (state !== undefined && pid !== process.pid && this.#belongs(pid, state, before))
        this.#members.set(pid, state);
    }
    for (const [pid, last] of before)
      if (this.#members.get(pid)?.startTime !== last.startTime) this.#bury(last, before);
    this.#parts.note(this.#members);
    const pages = [...this.#members.values()].reduce((sum, { residentPages }) => sum + residentPages, 0);
    this.#peakPages = Math.max(this.#peakPages, pages);
    this.#processesMax = Math.max(this.#processesMax, this.#members.size);
  }

  /** The ids of its living processes, as of the last sample. */
  pids(): readonly number[] {
    return [...this.#members].filter(([, { isZombie }]) => !isZombie).map(([pid]) => pid);
  }

  figures(): GroupFigures {
    this.sample();
    let [user, system] = [this.#lost.user, this.#lost.system];
    for (const state of this.#members.values()) {
      user += state.user + state.childUser;
      system += state.system + state.childSystem;
    }
    const self = stateOf(process.pid);
    user += (self?.childUser ?? 0) - (this.#self?.childUser ?? 0);
    system += (self?.childSystem ?? 0) - (this.#self?.childSystem ?? 0);
    return {
      userSeconds: user / ticksPerSecond,
      systemSeconds: system / ticksPerSecond,
      peakBytes: this.#peakPages * pageBytes,
      processesMax: this.#processesMax,
      parts: this.#parts.figures({ user, system }),
    };
  }

  #belongs(pid: number, state: ProcessState, before: ReadonlyMap<number, ProcessState>): boolean {
    if (before.get(pid)?.startTime === state.startTime) return true;
    if (before.has(state.parent) || this.#members.has(state.parent)) return true;
    const identity = `${String(pid)} ${state.startTime}`;
    const looks = this.#others.get(identity) ?? 0;
    if (looks >= 2) return false;
    if (environmentOf(pid).includes(`\0${groupVariable}=${this.name}\0`)) return true;
    this.#others.set(identity, looks + 1);
    return false;
  }

  /**
   * Adds what a process took that has ended, unless the process that waited for it includes this in its own figures.
   */
  #bury(last: ProcessState, before: ReadonlyMap<number, ProcessState>): void {
    if (last.parent === process.pid || before.has(last.parent)) return;
    this.#lost.user += last.user + last.childUser;
    this.#lost.system += last.system + last.childSystem;
  }
}

/** Runs something while a group is sampled, and returns its result. */
export async function sampling<T>(group: ProcessGroup, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    group.sample();
  }, 250);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
