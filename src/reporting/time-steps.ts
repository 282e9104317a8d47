/** Amounts of one step, by name. */
export type Amounts<Name extends string> = Readonly<Record<Name, number>>;

/** Steps of equal length, without a gap from the first to the last that has anything. */
export interface Steps<Name extends string> {
  readonly stepSeconds: number;
  /** `at` is when the step begins, ISO 8601 UTC. */
  readonly steps: readonly ({ readonly at: string } & Amounts<Name>)[];
}

/** As many as a chart shows on a wide screen; fewer than a quarter of them only in the first minute. */
export const stepsMax = 120;

// Each is a multiple of the one before, so that steps are joined and never divided.
const stepsSeconds = [1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800] as const;

/**
 * Adds up amounts over time, in at most {@link stepsMax} steps whatever the number of amounts: when there would be
 * more, neighbours are joined to longer ones. Steps begin at multiples of their length, in UTC.
 */
export class TimeSteps<Name extends string> {
  #stepMs = 1_000;
  readonly #names: readonly Name[];
  #steps = new Map<number, Record<Name, number>>();
  #first = Infinity;
  #last = -Infinity;

  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  /** Adds amounts that arose at one time, in milliseconds since 1970. */
  add(atMs: number, amounts: Partial<Amounts<Name>>): void {
    this.#makeRoom(atMs, atMs);
    this.#addTo(Math.floor(atMs / this.#stepMs), amounts);
  }

  /** Adds whole amounts that arose evenly from one time to another: their parts are whole, and add up to them. */
  spread(fromMs: number, toMs: number, amounts: Partial<Amounts<Name>>): void {
    if (!(toMs > fromMs)) {
      this.add(toMs, amounts);
      return;
    }
    this.#makeRoom(fromMs, toMs);
    const before = new Map<Name, number>();
    const last = Math.floor(toMs / this.#stepMs);
    for (let step = Math.floor(fromMs / this.#stepMs); step <= last; step += 1) {
      const share = step === last ? 1 : ((step + 1) * this.#stepMs - fromMs) / (toMs - fromMs);
      const parts: Partial<Record<Name, number>> = {};
      for (const [name, amount] of Object.entries(amounts) as [Name, number][]) {
        const upTo = Math.round(amount * share);
        parts[name] = upTo - (before.get(name) ?? 0);
        before.set(name, upTo);
      }
      this.#addTo(step, parts);
    }
  }

  get steps(): Steps<Name> {
    const steps: ({ readonly at: string } & Amounts<Name>)[] = [];
    for (let step = this.#first; step <= this.#last; step += 1) {
      const at = new Date(step * this.#stepMs).toISOString();
      steps.push({ at, ...(this.#steps.get(step) ?? this.#nothing()) });
    }
    return { stepSeconds: this.#stepMs / 1_000, steps };
  }

  #addTo(step: number, amounts: Partial<Amounts<Name>>): void {
    const sums = this.#steps.get(step) ?? this.#nothing();
    for (const name of this.#names) sums[name] += amounts[name] ?? 0;
    this.#steps.set(step, sums);
    this.#first = Math.min(this.#first, step);
    this.#last = Math.max(this.#last, step);
  }

  /** Joins steps until the existing ones, and those of a period to be added, are few enough. */
  #makeRoom(fromMs: number, toMs: number): void {
    for (;;) {
      const first = Math.min(this.#first, Math.floor(fromMs / this.#stepMs));
      const last = Math.max(this.#last, Math.floor(toMs / this.#stepMs));
      if (last - first < stepsMax) return;
      this.#join();
    }
  }

  #join(): void {
    const joined = this.#steps;
    const factor = longerStep(this.#stepMs / 1_000) / (this.#stepMs / 1_000);
    this.#stepMs *= factor;
    this.#steps = new Map();
    [this.#first, this.#last] = [Infinity, -Infinity];
    for (const [step, amounts] of joined) this.#addTo(Math.floor(step / factor), amounts);
  }

  #nothing(): Record<Name, number> {
    return Object.fromEntries(this.#names.map((name) => [name, 0])) as Record<Name, number>;
  }
}

function longerStep(seconds: number): number {
  return stepsSeconds.find((each) => each > seconds) ?? seconds * 4;
}
