import type { Failure } from '../../domain/failure.js';
import type { Receipt } from '../../domain/receipt.js';
import type { SliceBeat, SliceTask } from '../../domain/figures/slice-report.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { Stage } from '../../flow/stage-clock.js';
import type { MigrationResources } from '../unit/migration-resources.js';
import type { RequestCounter } from '../unit/request-counter.js';
import type { LaterRounds } from '../../control/ledger/later-rounds.js';
import type { PlannedManifest } from '../../control/plan/planned-manifests.js';
import type { ProcessResources } from '../../flow/process-resources.js';

/** One attempt at a slice. */
export interface SliceJob {
  readonly task: SliceTask;
  readonly resources: MigrationResources;
  readonly process: ProcessResources;
  readonly beat: (beat: SliceBeat) => void;
  /** Aborted to end the attempt early: by an operator, a shutdown, or because it counts as dead. */
  readonly signal: AbortSignal;
  /** Longhaul's version, for receipts. */
  readonly buildInfo: string;
  /** Called about the units of the slice. */
  readonly watch?: UnitWatch | undefined;
  /** What the operator wants now; its fields change while the attempt runs. */
  readonly control?: SliceControl | undefined;
  /** Set by `moveSlice` in a plan, whose units are planned and not moved: counts the requests at the source. */
  readonly requests?: RequestCounter;
  /** Set by `moveSlice` in a verification, whose units are compared and not moved. */
  readonly laterRounds?: LaterRounds;
  /** Set by `moveSlice`: what the newest plan has found, by the index of the unit. */
  readonly planned?: ReadonlyMap<number, PlannedManifest>;
}

/** What an operator wants of a running slice, read again before each unit. */
export interface SliceControl {
  /** No further unit begins: the slice ends as partial after those in flight. */
  readonly draining: boolean;
  /** Units that one process moves at once, if not its default. */
  readonly unitsInFlight?: number | undefined;
}

/** Observes the units of a slice while it moves. Its methods are called often: they must be cheap and never throw. */
export interface UnitWatch {
  /** A try at a unit has ended. */
  tried(ended: EndedTry): void;
  /** A unit has ended: its receipt has been added to the ledger. */
  recorded(receipt: Receipt): void;
}

/** One try at a unit, and how it ended. */
export interface EndedTry {
  readonly unit: StagedUnit;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly seconds: number;
  readonly stages: Readonly<Record<Stage, number>>;
  /** A failure, if the unit is tried again or put aside. */
  readonly outcome: Receipt | Failure;
}

/** Names the target of a slice as failures do, for those that name nothing. */
export function targetName({ resources }: { readonly resources: Pick<MigrationResources, 'record'> }): string {
  return `target ${resources.record.definition.target.bucket}`;
}

/** Names an account as failures do. */
export function accountName(account: string): string {
  return `account ${account}`;
}
