import type { Failure } from '../../../domain/failure.js';
import type { FindRenderer } from '../../../domain/rendered-find.js';
import type { StagedUnit } from '../../../domain/unit.js';
import { accountName } from '../slice-job.js';

/** Remembers for one attempt which accounts were refused, so that each is asked once and not by every unit. */
export class RefusedAccounts {
  readonly #refusals = new Map<string, Failure>();

  constructor(private readonly find: FindRenderer) {}

  note(failure: Failure): void {
    if (failure.what !== undefined) this.#refusals.set(failure.what, failure);
  }

  /** Has every account asked again. */
  forget(): void {
    this.#refusals.clear();
  }

  /** Returns the refusal of an account that the unit needs, if there was one. */
  refusalOf(unit: StagedUnit): Failure | undefined {
    if (this.#refusals.size === 0) return undefined;
    const needed = this.find.lookups(unit).map(({ account }) => this.#refusals.get(accountName(account)));
    return needed.find((refusal) => refusal !== undefined);
  }
}
