import type { Blocked, Phase, Progress } from '../domain/progress.js';
import type { ControlAddress } from '../domain/migration-record.js';
import type { Tally } from '../domain/tally.js';

/** Name of the root workflow's type. */
export const migrationWorkflow = 'migration';

/** Input of the root workflow. No secret, under 2 KiB. */
export interface MigrationInput {
  readonly control: ControlAddress;
  readonly round: number;
  /** Units of the round, for summaries before `prepare` has read the record. */
  readonly total: number;
  /** Partitions kept running at a time, and seconds until a silent slice is given to another worker. */
  readonly slicesInFlight: number;
  readonly heartbeatTimeoutMs: number;
  /** Whether the server knows Longhaul's search attributes. */
  readonly searchAttributes: boolean;
}

/** Result of the root workflow; `failed` comes as a workflow failure with a class instead. */
export interface MigrationResult {
  readonly phase: 'completed' | 'completed-with-failures';
  readonly progress: Progress;
}

/** What the root keeps in its memo under `longhaul`, readable by `describe` without any worker. */
export interface RootMemo {
  readonly round: number;
  readonly total: number;
  readonly phase: Phase;
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
}

/** What a partition keeps in its memo under `longhaul`: the tally of its complete slices, and what blocks others. One event a slice. */
export interface PartitionMemo {
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
}

/** Key of {@link RootMemo} and {@link PartitionMemo}. */
export const memoKey = 'longhaul';

/** Names of Longhaul's search attributes. */
export const searchAttributeNames = {
  migration: 'LonghaulMigration',
  phase: 'LonghaulPhase',
  level: 'LonghaulLevel',
  total: 'LonghaulTotal',
  done: 'LonghaulDone',
  failed: 'LonghaulFailed',
} as const;
