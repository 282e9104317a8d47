import type { Manifest } from '../../domain/manifest.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { FindingsLog } from '../../domain/findings/findings-log.js';
import type { Sharing } from '../discover/sharing/shared-listings.js';
import type { MigrationResources } from './migration-resources.js';
import type { ProcessResources } from '../../flow/process-resources.js';
import type { StageClock } from '../../flow/stage-clock.js';

/** One unit to move, and what that needs. */
export interface UnitJob {
  readonly unit: StagedUnit;
  readonly resources: MigrationResources;
  readonly process: ProcessResources;
  /** An earlier attempt at the slice may have published the unit without leaving a receipt: ask before moving bytes. */
  readonly askFirst: boolean;
  /** Listings that the unit shares with others; without them it lists by itself. */
  readonly sharing?: Sharing | undefined;
  /** Called with what has been found, each time the blobs of the unit have been looked for. */
  readonly discovered?: ((manifest: Manifest) => void) | undefined;
  /** Called with raw bytes as they appear, so that a stall is noticed. */
  readonly moved: (rawBytes: number) => void;
  /** Called when a checkpoint with more durable parts has been written: the attempt has made progress. */
  readonly partsDurable?: (() => void) | undefined;
  /** Fails with `Fenced` if another attempt has claimed the slice; asked before an object is replaced. */
  readonly confirmOwner?: (() => Promise<void>) | undefined;
  /** Longhaul's version, for the receipt. */
  readonly buildInfo: string;
  /** Measures the stages. */
  readonly clock?: StageClock | undefined;
  readonly signal: AbortSignal;
}

/** A job whose stages note what belongs in the receipt, and how long they take. */
export interface NotedJob extends UnitJob {
  readonly findings: FindingsLog;
  readonly clock: StageClock;
}
