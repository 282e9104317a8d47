import { basename } from 'node:path';
import { commandOf, pageBytes, ticksPerSecond, type ProcessState } from './process-state.js';

/** What the processes of one part of a program have taken, such as the workers of Longhaul. */
export interface PartFigures {
  readonly name: string;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** The most memory that they used together. */
  readonly peakBytes: number;
  /** The most memory that one of them used. Results of earlier versions have none. */
  readonly peakBytesOfOne?: number;
  readonly processesMax: number;
}

interface Ticks {
  readonly user: number;
  readonly system: number;
}

interface Part {
  readonly peakPages: number;
  readonly peakPagesOfOne: number;
  readonly processesMax: number;
}

/**
 * What a group of processes has taken, by part. A process counts as of the last sample before its end; what it took
 * afterwards is only in the total, and shown as a part of its own.
 */
export class ProcessParts {
  readonly #processes = new Map<string, Ticks & { readonly part: string }>();
  readonly #parts = new Map<string, Part>();

  /** Takes a sample. */
  note(members: ReadonlyMap<number, ProcessState>): void {
    const now = new Map<string, { pages: number; pagesOfOne: number; processes: number }>();
    for (const [pid, { startTime, user, system, residentPages }] of members) {
      const identity = `${String(pid)} ${startTime}`;
      // A process that has ended no longer has a command, and one that is just starting has that of its parent.
      const part = partOf(commandOf(pid)) ?? this.#processes.get(identity)?.part ?? unseen;
      this.#processes.set(identity, { part, user, system });
      const before = now.get(part) ?? { pages: 0, pagesOfOne: 0, processes: 0 };
      now.set(part, {
        pages: before.pages + residentPages,
        pagesOfOne: Math.max(before.pagesOfOne, residentPages),
        processes: before.processes + 1,
      });
    }
    for (const [part, { pages, pagesOfOne, processes }] of now) {
      const before = this.#parts.get(part);
      this.#parts.set(part, {
        peakPages: Math.max(before?.peakPages ?? 0, pages),
        peakPagesOfOne: Math.max(before?.peakPagesOfOne ?? 0, pagesOfOne),
        processesMax: Math.max(before?.processesMax ?? 0, processes),
      });
    }
  }

  /** Returns the figures of each part, the one that took most first. `total` is what all of them took. */
  figures(total: Ticks): readonly PartFigures[] {
    const processes = [...this.#processes.values()];
    const sums = [...this.#parts].map(([name, { peakPages, peakPagesOfOne, processesMax }]) => ({
      name,
      ...sumOf(processes.filter(({ part }) => part === name)),
      peakBytes: peakPages * pageBytes,
      peakBytesOfOne: peakPagesOfOne * pageBytes,
      processesMax,
    }));
    const seen = sumOf(processes);
    const rest = { user: total.user - seen.user, system: total.system - seen.system };
    if (rest.user + rest.system > 0)
      sums.push({ name: unseen, ...rest, peakBytes: 0, peakBytesOfOne: 0, processesMax: 0 });
    return sums
      .toSorted((a, b) => b.user + b.system - (a.user + a.system))
      .map(({ user, system, ...part }) => ({
        ...part,
        userSeconds: user / ticksPerSecond,
        systemSeconds: system / ticksPerSecond,
      }));
  }
}

/** What ran too briefly to be in a sample, and the last moments of everything else. */
const unseen = 'between samples';

function sumOf(all: readonly Ticks[]): Ticks {
  return all.reduce((sum, { user, system }) => ({ user: sum.user + user, system: sum.system + system }), {
    user: 0,
    system: 0,
  });
}

/** Names the part of a program that a command belongs to, or returns undefined without one. */
export function partOf(command: readonly string[]): string | undefined {
  const [program, script = '', ...rest] = command;
  if (program === undefined) return undefined;
  if (script.endsWith('dist/worker.js') || rest.some((word) => word.endsWith('dist/worker.js')))
    return rest.includes('--child') ? 'worker processes' : "the workers' parent";
  if (script.endsWith('dist/client.js')) return `longhaul ${rest[0] ?? ''}`;
  const name = basename(program);
  if (name.startsWith('temporal')) return 'Temporal';
  return /^(node|python[\d.]*)$/.test(name) && script !== '' ? `${name} ${basename(script)}` : name;
}
