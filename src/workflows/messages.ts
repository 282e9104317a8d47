import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ControlPlace } from '../domain/definition.js';
import type { Directives, PartitionDirectives } from '../domain/directives.js';
import type { FailureClass } from '../domain/failure-classes.js';
import type { Layout } from '../domain/layout.js';
import type { ControlAddress } from '../domain/migration-record.js';
import type { Blocked, ObservedProgress, Phase, Progress } from '../domain/progress.js';
import type { Tally } from '../domain/tally.js';

/** Name of the root workflow's type. */
export const migrationWorkflow = 'migration';

/** Name of a partition's workflow type. */
export const partitionWorkflow = 'partition';

/** Input of the root workflow. No secret, under 2 KiB. */
export interface MigrationInput {
  readonly control: ControlAddress;
  readonly round: number;
  /** Units of the round, for summaries before `prepare` has read the record. */
  readonly total: number;
  /** Milliseconds until a silent slice is given to another worker. */
  readonly heartbeatTimeoutMs: number;
  /** Whether the server knows Longhaul's search attributes. */
  readonly searchAttributes: boolean;
  /** Whether units may fail beyond `limits.failedUnits`. */
  readonly acceptFailures?: boolean;
}

/**
 * Result of the root workflow; `failed` comes as a workflow failure with a class instead. Rates are means of the whole
 * run.
 */
export interface MigrationResult {
  readonly phase: 'completed' | 'completed-with-failures';
  readonly progress: Progress;
}

/** Why a migration ended as `failed`. */
export interface MigrationFailure {
  readonly class: FailureClass;
  readonly message: string;
}

/** What the root keeps in its memo under `longhaul`, readable by `describe` without any worker. */
export interface RootMemo {
  readonly round: number;
  readonly total: number;
  readonly phase: Phase;
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  /** What units wait for that may pass by itself; absent where nothing waits. */
  readonly waiting?: readonly Blocked[];
  readonly failure?: MigrationFailure;
  /** When the phase began, ISO 8601 UTC. */
  readonly since?: string;
  /** What the operator has set, read by workers; absent until the root has run for the first time. */
  readonly control?: Directives;
}

/** Input of a partition. After a continue-as-new, `done` and `blocked` carry its state. */
export interface PartitionInput {
  readonly control: ControlAddress;
  readonly epoch: number;
  readonly round: number;
  readonly partition: number;
  readonly layout: Layout;
  readonly directives: PartitionDirectives;
  readonly heartbeatTimeoutMs: number;
  readonly searchAttributes: boolean;
  readonly done?: PartitionDone;
  readonly blocked?: readonly CarriedThing[];
}

/**
 * Complete slices of a partition as a bitmap in hex (slice 0 is the lowest bit of the first digit), and their tally.
 */
export interface PartitionDone {
  readonly slices: string;
  readonly tally: Tally;
}

/**
 * A thing that blocks, as it travels over a continue-as-new; `slices` is a bitmap like that of {@link PartitionDone}.
 */
export interface CarriedThing extends Blocked {
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly nextTryMs: number;
  readonly slices: string;
}

export interface PartitionResult {
  readonly tally: Tally;
}

/**
 * What a partition keeps in its memo under `longhaul`: the tally of its complete slices and of those that are idle, and
 * what keeps them. A slice that runs is in neither: its heartbeat tells. One event a slice.
 */
export interface PartitionMemo {
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  /** What slices wait for that may pass by itself; absent where none waits. */
  readonly waiting?: readonly Blocked[];
  /** Revision of the directives under which it has come to rest last: it was paused, and nothing of it ran. */
  readonly rest?: number;
}

/** Key of {@link RootMemo} and {@link PartitionMemo}. */
export const memoKey = 'longhaul';

/**
 * Key of {@link ControlMemo} in a root's memo. `start` writes it once; the root itself rewrites {@link memoKey} only.
 */
export const controlMemoKey = 'longhaulControl';

/**
 * Key of what all rounds before say together, `UnitFigures`, in the memo of the root of a later round. Written once, as
 * {@link controlMemoKey}.
 */
export const beforeMemoKey = 'longhaulBefore';

/** Where the control objects of a root's migration lie. `endpoint` is null for AWS. */
export interface ControlMemo extends ControlPlace {
  readonly endpoint: string | null;
}

/** Names of Longhaul's search attributes. */
export const searchAttributeNames = {
  migration: 'LonghaulMigration',
  phase: 'LonghaulPhase',
  level: 'LonghaulLevel',
  total: 'LonghaulTotal',
  done: 'LonghaulDone',
  failed: 'LonghaulFailed',
} as const;

/** Answer to {@link progressQuery}. */
export interface ProgressAnswer extends Progress {
  readonly phase: Phase;
}

/** Asks the root for its figures, at most as old as the last {@link progressSignal}. */
export const progressQuery = defineQuery<ProgressAnswer>('progress');

/** Tells the root the figures that `observe` has summed. */
export const progressSignal = defineSignal<[ObservedProgress]>('progress');

/** Asks a partition which of its slices are complete, running or waiting. */
export const slicesQuery = defineQuery<SlicesAnswer>('slices');

/** Answer to {@link slicesQuery}: numbers of slices inside the partition. */
export interface SlicesAnswer {
  readonly of: number;
  readonly complete: number;
  readonly running: readonly number[];
  readonly waiting: readonly number[];
}
