import type { Failure } from '../../domain/failure.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import { moveUnit } from '../unit/move-unit.js';
import { planUnit } from '../unit/plan-unit.js';
import type { UnitJob } from '../unit/unit-job.js';
import { watchedResources } from '../unit/watched-resources.js';
import { targetName, type SliceJob } from './slice-job.js';

/** One try at a unit, which knows what the unit has used, as evidence for judging failures. */
export class UnitTry {
  readonly beganMs = Date.now();
  readonly #accounts = new Set<string>();

  constructor(
    readonly job: SliceJob,
    readonly unit: StagedUnit,
  ) {}

  /** Moves the unit, or plans it in a plan; `advanced` is told of any answer and any byte, in any stage. */
  async move(
    rest: Pick<UnitJob, 'askFirst' | 'confirmOwner' | 'partsDurable' | 'signal'>,
    advanced: () => void,
  ): Promise<Receipt> {
    const { process, buildInfo } = this.job;
    const resources = watchedResources(this.job.resources, (account) => {
      if (account !== undefined) this.#accounts.add(account);
      advanced();
    });
    const job = { ...rest, unit: this.unit, resources, process, buildInfo, moved: advanced };
    const { requests } = this.job;
    const receipt = await (requests === undefined ? moveUnit(job) : planUnit({ ...job, requests }));
    if (receipt.state === 'done' || receipt.state === 'found') this.#noteSuccess();
    return receipt;
  }

  /** Reports whether other units of the account or target that a failure is about were done since this try began. */
  othersSucceed(failure: Failure): boolean {
    const { successes } = this.job.process;
    return this.#namesOf(failure).some((name) => successes.hasSince(name, this.beganMs));
  }

  #noteSuccess(): void {
    const { successes } = this.job.process;
    for (const what of [targetName(this.job), ...[...this.#accounts].map(accountName)])
      successes.note(this.#name(what), Date.now());
  }

  #namesOf({ what, row: { scope } }: Failure): readonly string[] {
    if (scope === 'target') return [this.#name(what ?? targetName(this.job))];
    if (scope !== 'account') return [];
    return (what === undefined ? [...this.#accounts].map(accountName) : [what]).map((each) => this.#name(each));
  }

  #name(what: string): string {
    return `${this.job.resources.record.name}: ${what}`;
  }
}

/** Names an account as failures do. */
export function accountName(account: string): string {
  return `account ${account}`;
}
