import type { StagedUnit } from '../../domain/unit.js';
import type { FindingsLog } from '../../domain/findings-log.js';
import type { MigrationResources } from '../migration-resources.js';
import type { ProcessResources } from '../../flow/process-resources.js';

/** One unit to move, and with what. */
export interface UnitJob {
  readonly unit: StagedUnit;
  readonly resources: MigrationResources;
  readonly process: ProcessResources;
  /** An earlier attempt at the slice may have published the unit without a receipt: ask before moving bytes. */
  readonly askFirst: boolean;
  /** Told of raw bytes as they appear, so that a stall is noticed. */
  readonly moved: (rawBytes: number) => void;
  /** Told when a checkpoint with more durable parts has been written: the attempt has got somewhere. */
  readonly partsDurable?: (() => void) | undefined;
  /** Fails with `Fenced` where another attempt has claimed the slice: asked before an object is replaced. */
  readonly confirmOwner?: (() => Promise<void>) | undefined;
  /** Longhaul's version, for the receipt. */
  readonly buildInfo: string;
  readonly signal: AbortSignal;
}

/** A move whose stages tell what belongs into the receipt. */
export interface NotedJob extends UnitJob {
  readonly findings: FindingsLog;
}
