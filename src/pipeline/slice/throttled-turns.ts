import type { ThrottledRate } from '../../flow/adaptive-rate.js';
import type { StagedUnit } from '../../domain/unit.js';
import { accountName, type SliceJob } from './slice-job.js';

/** Which units of an attempt may begin now: those of accounts that were throttled must leave room for the others. */
export class ThrottledTurns {
  /** Accounts that a unit needs, by its index; at most the units of one slice. */
  readonly #accounts = new Map<number, readonly string[]>();
  readonly #begun = new Set<number>();

  constructor(private readonly job: Pick<SliceJob, 'resources' | 'process'>) {}

  /** Reports whether the unit may begin. A unit that needs none of the throttled accounts always may. */
  mayBegin(unit: StagedUnit): boolean {
    return this.throttledAccount(unit) === undefined || this.job.process.throttledUnits.hasRoom(this);
  }

  begin(unit: StagedUnit): void {
    if (this.throttledAccount(unit) === undefined) return;
    this.job.process.throttledUnits.begin(this);
    this.#begun.add(unit.index);
  }

  end(unit: StagedUnit): void {
    if (this.#begun.delete(unit.index)) this.job.process.throttledUnits.end(this);
  }

  /** Returns an account that the unit needs and that was throttled, named as failures name it, and its rate. */
  throttledAccount(unit: StagedUnit): { readonly what: string; readonly rate: ThrottledRate } | undefined {
    const { throttled } = this.job.resources;
    if (throttled.accounts().length === 0) return undefined;
    for (const account of this.#accountsOf(unit)) {
      const rate = throttled.account(account);
      if (rate !== undefined) return { what: accountName(account), rate };
    }
    return undefined;
  }

  #accountsOf(unit: StagedUnit): readonly string[] {
    const known = this.#accounts.get(unit.index);
    if (known !== undefined) return known;
    const accounts = [...new Set(this.job.resources.find.lookups(unit).map(({ account }) => account))];
    this.#accounts.set(unit.index, accounts);
    return accounts;
  }
}
