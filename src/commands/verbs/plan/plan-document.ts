import type { JudgedUnit, Verdict } from '../../../planning/judge-unit.js';
import type { PlanCost } from '../../../planning/plan-cost.js';
import type { UnclaimedDocument } from '../../unclaimed/unclaimed-document.js';
import type { PlannedAmount, PlannedRequests } from '../../../planning/plan-sums.js';

/** A unit as a plan lists it. */
export type ListedUnit = Pick<JudgedUnit, 'id' | 'key' | 'verdict' | 'blobs' | 'bytes' | 'reasons'>;

/** How long a migration takes at a rate. `measured`: by an earlier round of it; `assumed`: nothing is known yet. */
export interface PlanTime {
  readonly blobsPerSecond: number;
  readonly basis: 'given' | 'measured' | 'assumed';
  readonly seconds: number;
}

/** What `plan --json` prints. What would be moved, requests, cost and time are for all units, also after a sample. */
export interface PlanDocument {
  /** Name of the migration. */
  readonly name: string;
  /** `plan/orders` */
  readonly workflowId: string;
  /** Number of the plan, from 0. */
  readonly plan: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly units: {
    /** Units of the file, and how many of them were looked at. */
    readonly total: number;
    readonly planned: number;
    /** What decided which; null if all were. */
    readonly seed: number | null;
  };
  /** Of the units that were looked at. */
  readonly verdicts: Readonly<Record<Verdict, PlannedAmount>>;
  /** Units that were looked at and would fail. */
  readonly wouldFail: number;
  readonly moved: PlannedAmount & { readonly targetBytes: number };
  readonly requests: PlannedRequests;
  readonly prices: PlanPrices;
  /** Null if the price list lacks the storage class. */
  readonly cost: PlanCost | null;
  readonly time: PlanTime;
  readonly largest: readonly ListedUnit[];
  /** The first units that are not simply ready, those that would fail before the others. */
  readonly concerns: readonly ListedUnit[];
  readonly remarks: readonly string[];
  /** Null without `--unclaimed`. */
  readonly unclaimed: UnclaimedDocument | null;
}

/** The prices that the cost is calculated with. */
interface PlanPrices {
  readonly date: string;
  readonly currency: string;
  readonly storageClass: string;
  /** `list`: the shipped list prices, which are only an order of magnitude; `given`: those of `--prices`. */
  readonly basis: 'list' | 'given';
}

/** Returns what a plan lists about a unit. */
export function listedUnit({ id, key, verdict, blobs, bytes, reasons }: JudgedUnit): ListedUnit {
  return { id, key, verdict, blobs, bytes, reasons };
}
