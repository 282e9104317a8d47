import type { ControlPlace } from '../domain/definition.js';
import type { Directives, PartitionDirectives } from '../domain/directives.js';
import type { FailureClass } from '../domain/failure-classes.js';
import type { CheckSourcesInput, CheckTargetInput } from '../activities/activity-messages.js';
import type { Layout } from '../domain/layout.js';
import type { Probe, UnitsSample } from '../domain/probe.js';
import type { ControlAddress } from '../domain/stored/migration-record.js';
import type { Blocked, Phase, Progress } from '../domain/figures/progress.js';
import type { Tally } from '../domain/figures/tally.js';

/** The workflow type of partitions. */
export const partitionWorkflow = 'partition';

/** The workflow type of checks. */
export const checkWorkflow = 'check';

/** Input of a check. It is larger than other inputs, because nothing is staged yet; at most a few hundred kilobytes. */
export interface CheckInput {
  readonly sources: CheckSourcesInput;
  readonly target: CheckTargetInput;
}

/** What the probes on workers have found. */
export interface CheckResult {
  readonly sources: readonly Probe[];
  readonly target: readonly Probe[];
  /** Absent if nothing could be listed. */
  readonly sample?: UnitsSample;
}
/** The workflow types of `explore`: it explores an account, and then lists units, one run for each page. */
export const exploreWorkflow = 'explore';
export const exploreUnitsWorkflow = 'exploreUnits';

/** Input of the root workflow. It holds no secret and stays below 2 KiB. */
export interface MigrationInput {
  readonly control: ControlAddress;
  readonly round: number;
  /** Units of the round, shown until `prepare` has read the record. */
  readonly total: number;
  /** Milliseconds of silence after which a slice is given to another worker. */
  readonly heartbeatTimeoutMs: number;
  /** Whether Longhaul's search attributes are registered with the server. */
  readonly searchAttributes: boolean;
  /** Whether a root before it has owned the migration: then `prepare` waits for stores as long as it takes. */
  readonly begun?: boolean;
  /** Whether more units may fail than `limits.failedUnits` allows. */
  readonly acceptFailures?: boolean;
  /** Of a plan: whether to find the blobs that no unit claims, once all units have been looked at. */
  readonly unclaimed?: boolean;
  /** Of a verification: objects are compared, and what was found is added up once all have been looked at. */
  readonly verify?: boolean;
  /** Milliseconds after which a cancel gives up aborting uploads in a store that does not answer; by default 10 min. */
  readonly cancelPatienceMs?: number;
}

/** Result of the root workflow; if it fails, its failure has a class instead. Rates are averages of the whole run. */
export interface MigrationResult {
  readonly phase: 'completed' | 'completed-with-failures';
  readonly progress: Progress;
}

/** Why a migration ended as `failed`. */
export interface MigrationFailure {
  readonly class: FailureClass;
  readonly message: string;
}

/** What the root keeps in its memo under `longhaul`. `describe` returns it even if no worker runs. */
export interface RootMemo {
  readonly round: number;
  readonly total: number;
  readonly phase: Phase;
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  /** What units wait for that may pass by itself; absent if nothing waits. */
  readonly waiting?: readonly Blocked[];
  /** Why the migration failed, or what its cancel had to leave undone. */
  readonly failure?: MigrationFailure;
  /** When the phase began, in ISO 8601, UTC. */
  readonly since?: string;
  /** What the operator has set; workers read it here. Absent until the root's first workflow task. */
  readonly control?: Directives;
}

/** Input of a partition. After a continue-as-new, `done` and `blocked` carry over its state. */
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
 * The complete slices of a partition, as a hex bitmap (slice 0 is the lowest bit of the first digit), and their tally.
 */
export interface PartitionDone {
  readonly slices: string;
  readonly tally: Tally;
}

/** A thing that blocks, as carried over a continue-as-new; `slices` is a bitmap like that of {@link PartitionDone}. */
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
 * What a partition keeps in its memo under `longhaul`: the tally of its complete and idle slices, and what holds the
 * idle ones up. Running slices are not counted here; their heartbeats hold their tallies.
 */
export interface PartitionMemo {
  readonly tally: Tally;
  readonly blocked: readonly Blocked[];
  /** What slices wait for that may pass by itself; absent if none waits. */
  readonly waiting?: readonly Blocked[];
  /** Revision of the directives under which it last came to rest: paused, with no slice running. */
  readonly rest?: number;
}

/** Memo key of {@link RootMemo} and {@link PartitionMemo}. */
export const memoKey = 'longhaul';

/** Memo key of a root's {@link ControlMemo}. `start` writes it once; the root itself only rewrites {@link memoKey}. */
export const controlMemoKey = 'longhaulControl';

/**
 * Memo key of `UnitFigures`, the sum of all earlier rounds, in the root of a later round. Written once, like
 * {@link controlMemoKey}.
 */
export const beforeMemoKey = 'longhaulBefore';

/** Where the control objects of a migration are stored. `endpoint` is null for AWS. */
export interface ControlMemo extends ControlPlace {
  readonly endpoint: string | null;
  /** The names of the source accounts, where there are no more than 100. */
  readonly accounts?: readonly string[];
}

/** The names of Longhaul's search attributes. */
export const searchAttributeNames = {
  migration: 'LonghaulMigration',
  phase: 'LonghaulPhase',
  level: 'LonghaulLevel',
  total: 'LonghaulTotal',
  done: 'LonghaulDone',
  failed: 'LonghaulFailed',
} as const;

/** The types of Longhaul's search attributes, as Temporal's command line names them. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'Int'>> = {
  [searchAttributeNames.migration]: 'Keyword',
  [searchAttributeNames.phase]: 'Keyword',
  [searchAttributeNames.level]: 'Keyword',
  [searchAttributeNames.total]: 'Int',
  [searchAttributeNames.done]: 'Int',
  [searchAttributeNames.failed]: 'Int',
};

/** Answer to the query `progress`. */
export interface ProgressAnswer extends Progress {
  readonly phase: Phase;
}

/** Answer to the query `slices`. Slices are numbered within the partition. */
export interface SlicesAnswer {
  readonly of: number;
  readonly complete: number;
  readonly running: readonly number[];
  readonly waiting: readonly number[];
}
