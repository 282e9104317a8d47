import type { FailureClass } from '../../domain/failure-classes.js';
import type { Blocked, Phase } from '../../domain/figures/progress.js';
import type { FoundDifference, ObjectAmount, VerificationRecord } from '../../domain/stored/verification-records.js';
import type { Tally } from '../../domain/figures/tally.js';
import type { UnitFigures } from '../../domain/figures/unit-figures.js';
import type { PlanCost } from '../../planning/plan-cost.js';
import type { PlannedRequests } from '../../planning/plan-sums.js';
import type { DistributionFigures } from '../../reporting/distribution.js';
import type { Throughput } from '../../reporting/round-sums.js';
import type { SizeClass } from '../../reporting/size-classes.js';
import type { TextCount } from '../../reporting/text-counts.js';
import type { FailedUnit, ObjectSums, UnitAmount } from '../../reporting/unit-sums.js';
import type { RetriedClass, SlowUnit } from '../../reporting/work-sums.js';
import type { UnclaimedDocument } from '../unclaimed/unclaimed-document.js';

/**
 * What `report --json` prints, and what the page shows. Times are ISO 8601 UTC, null while they are unknown. Lists have
 * a bounded length, whatever the size of the migration.
 */
export interface ReportDocument {
  readonly name: string;
  /** Tells migrations of one name apart. Null in records of older versions. */
  readonly id: string | null;
  readonly workflowId: string;
  readonly reportedAt: string;
  /** The phase of the whole migration, as `status` shows it. */
  readonly phase: Phase;
  /** Why it failed, if that is known. */
  readonly failure: { readonly class: string | null; readonly message: string } | null;
  readonly blocked: readonly Blocked[];
  readonly waiting: readonly Blocked[];
  readonly startedAt: string | null;
  /** When the newest round ended. */
  readonly endedAt: string | null;
  readonly source: { readonly accounts: readonly ReportedAccount[] };
  readonly target: { readonly bucket: string; readonly control: string; readonly storageClass: string };
  /** Over all rounds: for each unit the newest one counts. `open` units have not ended yet. */
  readonly units: UnitFigures & { readonly open: number };
  /** What is proven in place. */
  readonly objects: ObjectSums;
  /** The newest rounds, newest first. */
  readonly rounds: readonly ReportedRound[];
  /** How many rounds there are before these. */
  readonly earlierRounds: number;
  /** Over time, of at most three rounds: those with the most units. */
  readonly throughput: readonly ReportedThroughput[];
  readonly sizes: {
    /** Objects by order of magnitude of their bytes. */
    readonly objects: readonly SizeClass[];
    readonly blobs: DistributionFigures | null;
    readonly sourceBytes: DistributionFigures | null;
    readonly rawBytes: DistributionFigures | null;
    readonly objectBytes: DistributionFigures | null;
    /** How long units took. Null where no receipt says. */
    readonly milliseconds: DistributionFigures | null;
  };
  /** By source bytes. */
  readonly largest: readonly UnitAmount[];
  /** In any round. Empty where no receipt says how long its unit took. */
  readonly slowest: readonly SlowUnit[];
  readonly failures: { readonly units: number; readonly classes: readonly ReportedFailures[] };
  readonly throttling: ReportedRetries;
  /** Null until the objects have been verified. */
  readonly verification: ReportedVerification | null;
  readonly cost: ReportedCost;
  readonly versions: {
    /** Of the program that made this report. */
    readonly report: string;
    /** Versions of Longhaul and its encoder, and the units that they moved. */
    readonly builds: readonly TextCount[];
    /** Units of builds besides these. */
    readonly otherUnits: number;
  };
  readonly leftBehind: ReportedRest;
  /** The notes in receipts, without their numbers, and how many units have each. */
  readonly notes: { readonly texts: readonly TextCount[]; readonly others: number };
}

export interface ReportedAccount {
  readonly name: string;
  readonly endpoint: string;
}

/** A round: its units, and what it moved or found in place. */
export interface ReportedRound {
  readonly round: number;
  readonly startedAt: string;
  /** Null while it is open. */
  readonly endedAt: string | null;
  /** Version that staged it. */
  readonly version: string;
  readonly definition: string;
  readonly units: UnitFigures;
  readonly blobs: Tally['blobs'];
  readonly bytes: Tally['bytes'];
}

export interface ReportedThroughput extends Throughput {
  readonly round: number;
  /** Units whose receipts have a time outside the round, because a clock was wrong. */
  readonly untimed: number;
}

export interface ReportedFailures {
  readonly class: FailureClass;
  readonly units: number;
  readonly next: string;
  /** Those with the lowest index. */
  readonly first: readonly FailedUnit[];
}

/** Requests that failed and were repeated, in all rounds. */
export interface ReportedRetries {
  /** Units whose receipts say what had to be repeated: those of older versions do not. */
  readonly recordedUnits: number;
  readonly units: number;
  readonly requests: number;
  /** Those of them that a store answered by asking for fewer requests. */
  readonly throttled: number;
  readonly classes: readonly RetriedClass[];
}

/** What the newest verification found. */
export interface ReportedVerification {
  readonly startedAt: string;
  readonly endedAt: string;
  /** Only objects published since were compared; null for all. */
  readonly since: string | null;
  /** Whether no round has been closed since, which may have replaced objects. */
  readonly isOfNewestRound: boolean;
  /** Objects that were compared, and how many of them are as they were written. */
  readonly objects: number;
  readonly intact: number;
  /** What was read back and unpacked. */
  readonly readBack: ObjectAmount;
  /** Objects that should have been read back and are in an archive. */
  readonly archived: number;
  readonly differences: VerificationRecord['differences'];
  readonly first: readonly FoundDifference[];
  /** Objects below the prefixes of the keys that no unit names. */
  readonly additional: ObjectAmount;
}

/** What all rounds have cost, by a price list. Requests are the fewest that were needed; retries cost extra. */
export interface ReportedCost {
  readonly prices: { readonly date: string; readonly currency: string; readonly storageClass: string };
  readonly requests: PlannedRequests;
  /** Source bytes that were read and moved. */
  readonly egressBytes: number;
  /** Null if the price list lacks the storage class. */
  readonly amounts: PlanCost | null;
}

/** What is not in an object. */
export interface ReportedRest {
  /** Units that have failed, with their blobs as far as they are known. */
  readonly failed: { readonly units: number; readonly blobs: number; readonly bytes: number };
  readonly openUnits: number;
  readonly emptyUnits: number;
  readonly skippedBlobs: number;
  /** What the newest plan found that no unit claims. Null if no plan has looked. */
  readonly unclaimed: (UnclaimedDocument & { readonly plannedAt: string }) | null;
}
