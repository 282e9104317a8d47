import { Failure } from '../../../src/domain/failure.js';
import type { SliceResult } from '../../../src/domain/figures/slice-report.js';
import { moveSlice } from '../../../src/pipeline/slice/move-slice.js';
import { createProcessResources, type LimitedProcess } from '../../../src/flow/process-resources.js';
import type { SliceJob } from '../../../src/pipeline/slice/slice-job.js';
import type { MemoryMigration } from './memory-migration.js';

/** A request that a process makes to a store, either just before it is sent or just after it was carried out. */
export interface ProcessStep {
  readonly migration: MemoryMigration;
  /** For example `source.open` or `control.write`. */
  readonly call: string;
  /** The key, or the name of a blob or prefix. */
  readonly subject: string;
  readonly when: 'before' | 'after';
}

// A class that is never retried, and after which nothing more is written, as after the death of a process.
const crash = (): Failure => new Failure('Superseded', 'the process is dead');

/**
 * A worker process whose slices move data in memory. It can be killed at any of its steps; none of its requests is
 * answered after that. It can also be held at a step and continue later, like a process that was stopped.
 */
export class MemoryProcess {
  readonly resources: LimitedProcess;
  #dead = false;
  #held: Promise<void> | undefined;

  constructor(
    options: { readonly unitsInFlight?: number; readonly token?: string; readonly sawDie?: (token: string) => boolean },
    readonly onStep: (step: ProcessStep, process: MemoryProcess) => void | Promise<void> = () => undefined,
  ) {
    const resources = createProcessResources(options);
    // The parent of all these processes has seen each of them die, unless a test says otherwise.
    const { sawDie = () => true } = options;
    this.resources = { ...resources, identity: { ...resources.identity, sawDie } };
  }

  /** Makes a process that dies at the first step that `dies` accepts. */
  static dyingAt(dies: (step: ProcessStep) => boolean): MemoryProcess {
    return new MemoryProcess({}, (step, self) => {
      if (dies(step)) self.kill();
    });
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
  }

  /** Stops the process at its next step until `wake` resolves. */
  hold(wake: Promise<void>): void {
    this.#held = wake;
  }

  /** Makes one attempt at the slice of a migration. */
  move(migration: MemoryMigration, changes: Partial<SliceJob> = {}): Promise<SliceResult> {
    const step = async (call: string, subject: string, when: ProcessStep['when']): Promise<void> => {
      await this.#held;
      if (!this.#dead) await this.onStep({ migration, call, subject, when }, this);
      await this.#held;
      if (this.#dead) throw crash();
    };
    const { resources = migration.resources } = changes;
    return moveSlice({
      task: migration.task,
      process: this.resources,
      beat: () => undefined,
      signal: new AbortController().signal,
      buildInfo: 'longhaul test',
      ...changes,
      resources: {
        ...resources,
        source: guarded('source', resources.source, step),
        target: guarded('target', resources.target, step),
        control: guarded('control', resources.control, step),
      },
    });
  }
}

type Step = (call: string, subject: string, when: ProcessStep['when']) => Promise<void>;
const streams: ReadonlySet<string> = new Set(['source.open', 'target.get', 'control.list']);

/** Returns a port whose every call is two steps of the process, one before it and one after. */
function guarded<Port extends object>(name: string, port: Port, step: Step): Port {
  return new Proxy(port, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      const call = `${name}.${String(property)}`;
      const answer = (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args);
      return streams.has(call)
        ? (...args: readonly unknown[]) => stream(call, subjectOf(args[0]), answer(...args), step)
        : async (...args: readonly unknown[]) => {
            await step(call, subjectOf(args[0]), 'before');
            const result = await answer(...args);
            await step(call, subjectOf(args[0]), 'after');
            return result;
          };
    },
  });
}

async function* stream(call: string, subject: string, pieces: unknown, step: Step): AsyncGenerator {
  await step(call, subject, 'before');
  for await (const piece of pieces as AsyncIterable<unknown>) {
    yield piece;
    await step(call, subject, 'after');
  }
}

function subjectOf(first: unknown): string {
  if (typeof first === 'string') return first;
  const { key, name, prefix } = first as { key?: string; name?: string; prefix?: string };
  return key ?? name ?? prefix ?? '';
}
