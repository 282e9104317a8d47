import type { ProcessState } from './process-state.js';

/** An answer to a probe, with what it rests on. */
export interface Health {
  readonly ok: boolean;
  readonly status: string;
  /** The state of each process, by its number. */
  readonly processes: Readonly<Record<number, ProcessState>>;
}

/**
 * What a worker's parent knows about its health. It is healthy unless a drain has outlived the time after which what is
 * stuck is killed: the parent repairs everything else by itself, and a restart would only interrupt the work. It is
 * ready while every process asks Temporal for work, and not once it drains.
 */
export class HealthBoard {
  readonly #processes: Record<number, ProcessState>;
  readonly #drainMs: number;
  readonly #now: () => number;
  #drainsSinceMs: number | undefined;

  constructor(given: { readonly processes: number; readonly drainMs: number; readonly now?: () => number }) {
    const numbers = Array.from({ length: given.processes }, (_, position) => position + 1);
    this.#processes = Object.fromEntries(numbers.map((number) => [number, 'starting'] as const));
    this.#drainMs = given.drainMs;
    this.#now = given.now ?? (() => performance.now());
  }

  /** Notes the state that a process reported, or that was observed. */
  note(number: number, state: ProcessState): void {
    this.#processes[number] = state;
  }

  /** Notes that the worker has been told to drain. */
  noteDrain(): void {
    this.#drainsSinceMs ??= this.#now();
  }

  /** Returns whether the worker should be left running. */
  live(): Health {
    const drainsForMs = this.#drainsSinceMs === undefined ? 0 : this.#now() - this.#drainsSinceMs;
    const ok = drainsForMs <= this.#drainMs + killGraceMs;
    return this.#answer(ok, ok ? 'healthy' : `has been draining for ${String(Math.round(drainsForMs / 1_000))} s`);
  }

  /** Returns whether the worker takes on work. */
  ready(): Health {
    if (this.#drainsSinceMs !== undefined) return this.#answer(false, 'drains');
    const [number, state] = Object.entries(this.#processes).find(([, each]) => each !== 'polling') ?? [];
    if (state === undefined) return this.#answer(true, 'ready');
    const what = state === 'starting' ? 'has not reached Temporal yet' : 'gets no answer from Temporal any more';
    return this.#answer(false, `process ${String(number)} ${what}`);
  }

  #answer(ok: boolean, status: string): Health {
    return { ok, status, processes: { ...this.#processes } };
  }
}

/** From the kill of what is stuck to the end of the program. */
const killGraceMs = 5_000;
