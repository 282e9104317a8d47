import { bytesPerSecondMin, requestsPerSecondMin, type LimitsDefinition } from '../../domain/definition.js';
import { hasTooManyFailures } from '../../domain/failed-units-limit.js';
import type { Tally } from '../../domain/figures/tally.js';
import type { Directives, PartitionDirectives } from '../../domain/directives.js';
import type { PauseRequest, ResumeRequest, TuneRequest } from '../operator-messages.js';

/**
 * Holds what the operator has set for a migration, and whether too many of its units have failed. Every change
 * increases the revision and calls the listeners.
 */
export class OperatorDesk {
  readonly #listeners: (() => void)[] = [];
  #directives: Directives;
  #forPartitions: PartitionDirectives = { revision: 0, pause: 'none', retry: 0 };
  #limit: LimitsDefinition['failedUnits'] | undefined;
  #tooMany = false;
  #closed: string | undefined;

  constructor({ acceptFailures }: { readonly acceptFailures: boolean }) {
    this.#directives = { revision: 0, pause: 'none', draining: false, acceptFailures };
  }

  get directives(): Directives {
    return this.#directives;
  }

  /** What partitions must know. They also drain while too many units have failed. */
  get forPartitions(): PartitionDirectives {
    return this.#forPartitions;
  }

  /** Whether too many units have failed and nobody has accepted that. */
  get hasTooManyFailures(): boolean {
    return this.#tooMany;
  }

  listen(changed: () => void): void {
    this.#listeners.push(changed);
  }

  /** Refuses every request from now on, giving this reason. */
  close(reason: string): void {
    this.#closed ??= reason;
  }

  pause({ mode = 'drain' }: PauseRequest = {}): void {
    if (this.#directives.pause !== mode) this.#change({ pause: mode });
  }

  resume({ acceptFailures = false }: ResumeRequest = {}): void {
    if (acceptFailures) this.#tooMany = false;
    this.#change({ pause: 'none', acceptFailures: acceptFailures || this.#directives.acceptFailures }, 1);
  }

  tune(request: TuneRequest): void {
    const { requestsPerSecond, ...speed } = request;
    const ceilings = { ...this.#directives.requestsPerSecond, ...requestsPerSecond };
    this.#change({ ...speed, ...(requestsPerSecond !== undefined && { requestsPerSecond: ceilings }) });
  }

  /** Sets how many units may fail. Without a limit, all may. */
  limitFailures(limit: LimitsDefinition['failedUnits'] | undefined): void {
    this.#limit = limit;
  }

  /** Checks new figures. If too many units have failed, holds the migration until the operator accepts that. */
  judge(tally: Tally): void {
    const within = this.#limit === undefined || !hasTooManyFailures(this.#limit, tally);
    if (within || this.#tooMany || this.#directives.acceptFailures || this.#closed !== undefined) return;
    this.#tooMany = true;
    this.#change({});
  }

  /** Throws if this is not a valid `pause` request, or if no request is accepted any more. */
  checkPause(request: unknown = {}): void {
    const { mode } = this.#fieldsOf(request, ['mode']);
    if (mode !== undefined && mode !== 'drain' && mode !== 'now') throw new Error('mode must be "drain" or "now"');
  }

  /** Throws if this is not a valid `resume` request, or if no request is accepted any more. */
  checkResume(request: unknown = {}): void {
    const { acceptFailures } = this.#fieldsOf(request, ['acceptFailures']);
    if (acceptFailures !== undefined && typeof acceptFailures !== 'boolean') {
      throw new Error('acceptFailures must be true or false');
    }
    if (this.#tooMany && acceptFailures !== true) {
      throw new Error('too many units have failed: look at them, then resume with {"acceptFailures": true}, or cancel');
    }
  }

  /** Throws if this is not a valid `tune` request, or if no request is accepted any more. */
  checkTune(request: unknown): void {
    const values = Object.entries(this.#fieldsOf(request, tunable));
    if (values.length === 0) throw new Error(`give at least one of ${tunable.join(', ')}`);
    for (const [name, value] of values) {
      if (name === 'requestsPerSecond') {
        this.#checkCeilings(value);
        continue;
      }
      if (name === 'unitsInFlight' && value === 'auto') continue;
      const { min = 1, max = Number.MAX_SAFE_INTEGER } = bounds[name] ?? {};
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
        throw new Error(`${name} must be a whole number from ${String(min)} to ${String(max)}`);
      }
    }
  }

  #checkCeilings(written: unknown): void {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) {
      throw new Error('requestsPerSecond must be one JSON object, with a number for each account');
    }
    const names = new Set([...Object.keys(this.#directives.requestsPerSecond ?? {}), ...Object.keys(written)]);
    if (names.size > ceilingsMax) throw new Error(`requestsPerSecond takes at most ${String(ceilingsMax)} accounts`);
    for (const [account, value] of Object.entries(written)) {
      const isNumber = typeof value === 'number' && value >= requestsPerSecondMin && Number.isFinite(value);
      if (value === 'unlimited' || isNumber) continue;
      throw new Error(
        `requestsPerSecond.${account} must be a number from ${String(requestsPerSecondMin)}, or "unlimited"`,
      );
    }
  }

  #fieldsOf(request: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (this.#closed !== undefined) throw new Error(this.#closed);
    if (typeof request !== 'object' || request === null) throw new Error('give one JSON object');
    const unknown = Object.keys(request).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`"${unknown}" is not known here; it takes ${known.join(', ')}`);
    return request as Record<string, unknown>;
  }

  #change(change: Partial<Directives>, retries = 0): void {
    const changed = { ...this.#directives, ...change, revision: this.#directives.revision + 1 };
    this.#directives = { ...changed, draining: changed.pause !== 'none' || this.#tooMany };
    this.#instructPartitions(retries);
    for (const changed of this.#listeners) changed();
  }

  /** A `tune` concerns only workers, so partitions are not told. */
  #instructPartitions(retries: number): void {
    const { revision, pause: wanted } = this.#directives;
    const before = this.#forPartitions;
    const pause = wanted === 'none' && this.#tooMany ? 'drain' : wanted;
    if (pause === before.pause && retries === 0) return;
    this.#forPartitions = { revision, pause, retry: before.retry + retries };
  }
}

const tunable = ['unitsInFlight', 'bytesPerSecond', 'requestsPerSecond'];

// The memo holds them; no migration has so many accounts that differ.
const ceilingsMax = 100;

// The same as in the migration file. More units in flight than this would only take memory.
const bounds: Readonly<Record<string, { readonly min?: number; readonly max?: number }>> = {
  unitsInFlight: { max: 10_000 },
  bytesPerSecond: { min: bytesPerSecondMin },
};
