import type { FindRenderer } from '../../domain/rendered-find.js';
import type { StagedUnit } from '../../domain/unit.js';

// Rendering all lookups of every unit would take longer than all the rest.
const lookedAtFirst = 1_000;
const lookedAtEvery = 1_000;
const unitsOfAccount = 2;
// So that the input of the workflow stays small, however many accounts there are.
const unitsMax = 50;

/** Chooses a sample of the units: two of each account. It looks at the first thousand and then at every thousandth. */
export class UnitSampler {
  readonly units: StagedUnit[] = [];
  readonly #ofAccount = new Map<string, number>();
  #lookups = 0;
  #lookedAt = 0;

  constructor(
    readonly find: Pick<FindRenderer, 'lookups'>,
    readonly accounts: readonly string[],
  ) {}

  /** How many lookups a unit has, on average. */
  get lookupsOfUnit(): number {
    return this.#lookups / Math.max(1, this.#lookedAt);
  }

  see(unit: StagedUnit): void {
    if (unit.index >= lookedAtFirst && unit.index % lookedAtEvery !== 0) return;
    const isComplete = this.accounts.every((account) => (this.#ofAccount.get(account) ?? 0) >= unitsOfAccount);
    if (isComplete || this.units.length === unitsMax) return;
    const lookups = this.find.lookups(unit);
    this.#lookups += lookups.length;
    this.#lookedAt += 1;
    const named = new Set(lookups.map(({ account }) => account));
    const wanted = [...named].filter((account) => (this.#ofAccount.get(account) ?? 0) < unitsOfAccount);
    if (wanted.length === 0) return;
    this.units.push(unit);
    for (const account of named) this.#ofAccount.set(account, (this.#ofAccount.get(account) ?? 0) + 1);
  }
}
