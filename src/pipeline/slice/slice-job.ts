import type { SliceBeat, SliceTask } from '../../domain/slice-report.js';
import type { MigrationResources } from '../unit/migration-resources.js';
import type { RequestCounter } from '../unit/request-counter.js';
import type { LaterRounds } from '../../control/ledger/later-rounds.js';
import type { PlannedManifest } from '../../control/planned-manifests.js';
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

/** Names the target of a slice as failures do, for those that name nothing. */
export function targetName({ resources }: Pick<SliceJob, 'resources'>): string {
  return `target ${resources.record.definition.target.bucket}`;
}
