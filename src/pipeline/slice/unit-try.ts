import { toFailure, type Failure } from '../../domain/failure.js';
import { listedBytes, type Manifest } from '../../domain/manifest.js';
import type { MovingUnit } from '../../domain/moment.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import { StageClock } from '../../flow/stage-clock.js';
import type { SharedListings, Sharing } from '../discover/sharing/shared-listings.js';
import { moveUnit } from '../unit/move-unit.js';
import { planUnit } from '../unit/plan-unit.js';
import type { UnitJob } from '../unit/unit-job.js';
import { verifyUnit } from '../verify/verify-unit.js';
import { answerOfSource, watchedResources, type Answer } from '../unit/watched-resources.js';
import { compareWithPlan } from './compare-with-plan.js';
import { judgeFailure } from './failing/judge-failure.js';
import { RequestTroubles, type RequestTrouble } from './failing/request-troubles.js';
import { accountName, targetName, type SliceJob } from './slice-job.js';
import type { UnitEffort } from './unit-effort.js';

// Enough to find the unit, and few enough that a beat stays small.
const shownIdMax = 80;

/** What a try needs besides its slice and its unit. */
interface TryOptions extends Pick<UnitJob, 'askFirst' | 'confirmOwner' | 'partsDurable' | 'signal'> {
  /** Listings that the units of the slice share; without them the unit lists by itself. */
  readonly listings: SharedListings | undefined;
}

/** One try at a unit, which knows what the unit has used and what fails, as evidence for judging failures. */
export class UnitTry {
  readonly #accounts = new Set<string>();
  readonly #troubles = new RequestTroubles();
  readonly #since = new Date().toISOString();
  #bytes = 0;
  #of: number | null = null;
  readonly #clock = new StageClock();
  readonly #startedAtMs = Date.now();
  readonly #startedMs = performance.now();

  constructor(
    readonly job: SliceJob,
    readonly unit: StagedUnit,
    readonly effort: UnitEffort,
  ) {}

  /**
   * Moves the unit, plans it in a plan, or verifies its object in a verification; `advanced` is called for any answer
   * and any byte, in any stage.
   */
  async move({ listings, ...rest }: TryOptions, advanced: () => void): Promise<Receipt> {
    const { process, buildInfo } = this.job;
    const resources = watchedResources(this.job.resources, (answer) => {
      this.#note(answer);
      advanced();
    });
    const told: Sharing['told'] = (answer) => {
      this.#noteShared(answerOfSource(answer));
      advanced();
    };
    const sharing = listings && { listings, told };
    const discovered = ({ blobs }: Manifest): void => {
      this.#of = listedBytes(blobs);
      this.#bytes = 0;
    };
    const job = {
      ...rest,
      unit: this.unit,
      resources,
      process,
      buildInfo,
      sharing,
      moved: advanced,
      discovered,
      clock: this.#clock,
    };
    const receipt = await this.#carryOut(job);
    if (receipt.state === 'done' || receipt.state === 'found') this.#noteSuccess();
    return compareWithPlan(receipt, this.job.planned?.get(this.unit.index));
  }

  /** How far it is. */
  get progress(): MovingUnit {
    return { unit: this.unit.id.slice(0, shownIdMax), bytes: this.#bytes, of: this.#of, since: this.#since };
  }

  /** Tells the watch of the slice that the try has ended. */
  tellEnded(outcome: Receipt | Failure): void {
    this.job.watch?.tried({
      unit: this.unit,
      startedAtMs: this.#startedAtMs,
      seconds: (performance.now() - this.#startedMs) / 1_000,
      stages: this.#clock.seconds,
      outcome,
    });
  }

  #carryOut(job: UnitJob): Promise<Receipt> {
    const { requests, laterRounds } = this.job;
    if (requests !== undefined) return planUnit({ ...job, requests });
    return laterRounds === undefined ? moveUnit(job) : verifyUnit({ ...job, laterRounds });
  }

  /** What fails at the moment, and is tried again. */
  get trouble(): RequestTrouble | undefined {
    return this.#troubles.oldest;
  }

  /** Reports whether other units of the account or target that a failure is about were done since then. */
  othersSucceed(failure: Failure, sinceMs: number): boolean {
    const { successes } = this.job.process;
    return this.#namesOf(failure).some((name) => successes.hasSince(name, sinceMs));
  }

  #note(answer: Answer): void {
    this.#bytes += answer.bytes ?? 0;
    const failure = this.#noteShared(answer);
    if (failure !== undefined) this.effort.failed(failure.failureClass);
  }

  /**
   * Notes how a request ended that several units may wait for, and returns the failure after which it is repeated. Such
   * a request counts as the effort of no unit.
   */
  #noteShared({ kind, account, error }: Answer): Failure | undefined {
    if (account !== undefined) this.#accounts.add(account);
    const failure = error === undefined ? undefined : toFailure(error);
    // Any other failure ends the try at once.
    if (failure === undefined || judgeFailure(failure) !== 'retry') {
      this.#troubles.answered(kind);
      return undefined;
    }
    this.#troubles.failed(kind, failure, Date.now());
    return failure;
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
