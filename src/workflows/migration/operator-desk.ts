import { bytesPerSecondMin, type LimitsDefinition } from '../../domain/definition.js';
import { hasTooManyFailures } from '../../domain/failed-units-limit.js';
import type { Tally } from '../../domain/tally.js';
import type { Pause, PauseRequest, ResumeRequest, RootControl, TuneRequest } from '../operator-messages.js';

/** What changes with the desk: partitions are told, the memo is written. */
export interface DeskListener {
  /** `released`: what is blocked may try again at once. */
  changed(control: RootControl, released: boolean): void;
}

/**
 * What the operator wants of a migration, and whether too many of its units have failed. Every change has the next revision and is told to
 * the listeners.
 */
export class ControlDesk {
  readonly #listeners: DeskListener[] = [];
  #control: RootControl;
  #limit: LimitsDefinition['failedUnits'] | undefined;
  #tooMany = false;
  #closed = false;

  constructor(start: { readonly slicesInFlight: number; readonly acceptFailures: boolean }) {
    this.#control = { revision: 0, pause: 'none', draining: false, ...start };
  }

  get control(): RootControl {
    return this.#control;
  }

  /** Whether too many units have failed, and nobody has accepted it. */
  get hasTooManyFailures(): boolean {
    return this.#tooMany;
  }

  /** What partitions are told: they drain too while too many units have failed. */
  get partitionPause(): Pause {
    const { pause } = this.#control;
    return pause === 'none' && this.#tooMany ? 'drain' : pause;
  }

  listen(listener: DeskListener): void {
    this.#listeners.push(listener);
  }

  /** From here on nothing can be asked for any more. */
  close(): void {
    this.#closed = true;
  }

  pause({ mode = 'drain' }: PauseRequest = {}): void {
    if (this.#control.pause !== mode) this.#change({ pause: mode });
  }

  resume({ acceptFailures = false }: ResumeRequest = {}): void {
    if (acceptFailures) this.#tooMany = false;
    this.#change({ pause: 'none', acceptFailures: acceptFailures || this.#control.acceptFailures }, true);
  }

  tune(request: TuneRequest): void {
    this.#change(request);
  }

  /** Sets how many units may fail; without it all may. */
  limitFailures(limit: LimitsDefinition['failedUnits'] | undefined): void {
    this.#limit = limit;
  }

  /** Looks at new figures; may hold the migration until the operator accepts its failures. */
  judge(tally: Tally): void {
    const within = this.#limit === undefined || !hasTooManyFailures(this.#limit, tally);
    if (within || this.#tooMany || this.#control.acceptFailures || this.#closed) return;
    this.#tooMany = true;
    this.#change({});
  }

  /** Throws where `pause` cannot be asked for in these words, or now. */
  checkPause(request: unknown = {}): void {
    const { mode } = this.#fieldsOf(request, ['mode']);
    if (mode !== undefined && mode !== 'drain' && mode !== 'now') throw new Error('mode must be "drain" or "now"');
  }

  /** Throws where `resume` cannot be asked for in these words, or now. */
  checkResume(request: unknown = {}): void {
    const { acceptFailures } = this.#fieldsOf(request, ['acceptFailures']);
    if (acceptFailures !== undefined && typeof acceptFailures !== 'boolean') {
      throw new Error('acceptFailures must be true or false');
    }
    if (this.#tooMany && acceptFailures !== true) {
      throw new Error('too many units have failed: look at them, then resume with {"acceptFailures": true}, or cancel');
    }
  }

  /** Throws where `tune` cannot be asked for in these words, or now. */
  checkTune(request: unknown): void {
    const values = Object.entries(this.#fieldsOf(request, ['slicesInFlight', 'unitsInFlight', 'bytesPerSecond']));
    if (values.length === 0) throw new Error('give at least one of slicesInFlight, unitsInFlight, bytesPerSecond');
    for (const [name, value] of values) {
      const { min = 1, max = Number.MAX_SAFE_INTEGER } = bounds[name] ?? {};
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
        throw new Error(`${name} must be a whole number from ${String(min)} to ${String(max)}`);
      }
    }
  }

  #fieldsOf(request: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (this.#closed) throw new Error('the migration is about to end: nothing is left to be moved');
    if (typeof request !== 'object' || request === null) throw new Error('give one JSON object');
    const unknown = Object.keys(request).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`"${unknown}" is not known here; it takes ${known.join(', ')}`);
    return request as Record<string, unknown>;
  }

  #change(change: Partial<RootControl>, released = false): void {
    const changed = { ...this.#control, ...change, revision: this.#control.revision + 1 };
    this.#control = { ...changed, draining: changed.pause !== 'none' || this.#tooMany };
    for (const listener of this.#listeners) listener.changed(this.#control, released);
  }
}

// Those of the migration file; more units in flight than this would only take memory.
const bounds: Readonly<Record<string, { readonly min?: number; readonly max?: number }>> = {
  slicesInFlight: { max: 500 },
  unitsInFlight: { max: 10_000 },
  bytesPerSecond: { min: bytesPerSecondMin },
};
