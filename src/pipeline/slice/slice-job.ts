import type { SliceBeat, SliceTask } from '../../domain/slice-report.js';
import type { MigrationResources } from '../migration-resources.js';
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
}

/** An operator's wishes as a running slice reads them, again before each unit. */
export interface SliceControl {
  /** No unit begins any more: the slice ends as partial after those in flight. */
  readonly draining: boolean;
  /** Units that one process moves at once; its default where it is not given. */
  readonly unitsInFlight?: number | undefined;
}
