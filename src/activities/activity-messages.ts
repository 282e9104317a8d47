import type { Definition, LimitsDefinition } from '../domain/definition.js';
import type { PartitionDirectives } from '../domain/directives.js';
import type { Explored } from '../explore/explored.js';
import type { ExploreRequest } from '../explore/explore-request.js';
import type { ListUnitsRun, UnitsPage } from '../explore/list-units.js';
import type { Layout } from '../domain/layout.js';
import type { ControlAddress } from '../domain/stored/migration-record.js';
import type { SliceResult, SliceTask } from '../domain/figures/slice-report.js';
import type { Probe, UnitsSample } from '../domain/probe.js';
import type { StagedUnit } from '../domain/unit.js';
import type { Tally } from '../domain/figures/tally.js';

/**
 * The activities as workflows call them; each input and result is a record under 2 KiB, apart from those of `explore`.
 */
export interface Activities {
  /** Checks stores and accounts, takes the migration over for this root run, and returns its layout. */
  prepare(input: PrepareInput): Promise<PrepareResult>;
  /** Moves the units of one slice; see {@link SliceResult}. */
  moveSlice(input: MoveSliceInput): Promise<SliceResult>;
  /** Finds the blobs that no unit of a plan claims, and those that several do, once all units have been looked at. */
  findUnclaimed(input: FindUnclaimedInput): Promise<void>;
  /** Adds up what a verification has found, once all objects have been checked, and finds additional objects. */
  concludeVerification(input: ConcludeVerificationInput): Promise<void>;
  /**
   * Sums the figures of the whole migration until it is cancelled; reports them in heartbeats and signals to the root.
   */
  observe(input: ObserveInput): Promise<void>;
  /** Ends the `observe` of a root that is about to fail, so that it is not left pending on a closed root. */
  endObserve(): Promise<void>;
  /** Sends the newest directives to every open partition of the root; ends when each has received them or closed. */
  tellPartitions(input: TellPartitionsInput): Promise<void>;
  /** Waits until no partition of an earlier run of the migration is open. */
  awaitVacancy(input: AwaitVacancyInput): Promise<void>;
  /** Aborts the uploads of the round that nobody will complete. Call it while no slice runs. */
  cleanUp(input: CleanUpInput): Promise<CleanUpResult>;
  /** Looks at the source accounts for `check`; see `src/probes`. */
  checkSources(input: CheckSourcesInput): Promise<CheckSourcesResult>;
  /** Looks at the target for `check`, with the worker's credentials. */
  checkTarget(input: CheckTargetInput): Promise<readonly Probe[]>;
  /** Explores an account; the result has at most 1 MB. Continues where the attempt of a dead worker stopped. */
  exploreAccount(input: ExploreRequest): Promise<Explored>;
  /** Lists units that names tell of, at most 1 MB at a time. */
  exploreUnits(input: ExploreUnitsInput): Promise<UnitsPage>;
  /** Closes the round: checks that every unit is accounted for and writes `summary.json`. */
  finish(input: FinishInput): Promise<FinishResult>;
}

export interface CheckSourcesInput extends Pick<Definition, 'accounts' | 'find' | 'expect'> {
  readonly decompress: Definition['transform']['decompress'];
  /** A sample of the units. */
  readonly units: readonly StagedUnit[];
}

export interface CheckSourcesResult {
  readonly probes: readonly Probe[];
  readonly sample: UnitsSample;
}

export interface CheckTargetInput {
  readonly name: string;
  readonly target: Definition['target'];
  /** The key of some unit. */
  readonly exampleKey: string;
  /** What the keys of all units begin with. */
  readonly keyPrefix: string;
}

export interface PrepareInput {
  readonly control: ControlAddress;
  readonly round: number;
  /** Whether the migration has been prepared before, so that nobody need be told at once that a store is away. */
  readonly begun?: boolean;
}

export interface PrepareResult {
  readonly epoch: number;
  readonly layout: Layout;
  /** How many units may fail before the operator is asked. Absent: all. */
  readonly failedUnits?: LimitsDefinition['failedUnits'];
}

export interface MoveSliceInput {
  readonly control: ControlAddress;
  /** Revision of the directives that the partition knew: the worker follows none that are older. */
  readonly revision: number;
  readonly task: SliceTask;
}

export interface FindUnclaimedInput {
  readonly control: ControlAddress;
  readonly round: number;
  readonly epoch: number;
}

export type ConcludeVerificationInput = FindUnclaimedInput;

export interface ObserveInput {
  readonly name: string;
  readonly round: number;
  readonly total: number;
  readonly partitions: number;
  readonly failedUnits?: LimitsDefinition['failedUnits'];
}

export interface TellPartitionsInput {
  readonly directives: PartitionDirectives;
}

export interface AwaitVacancyInput {
  readonly name: string;
  readonly round: number;
  /** A partition that could not be started because that of an earlier run was still open. */
  readonly partition: number;
}

export interface CleanUpInput {
  readonly control: ControlAddress;
  readonly round: number;
  readonly epoch: number;
  /** Whether every unit of the round has its receipt. Then nothing is kept. */
  readonly isFinal: boolean;
}

export interface CleanUpResult {
  readonly uploadsAborted: number;
  readonly checkpointsKept: number;
}

export interface FinishInput {
  readonly control: ControlAddress;
  readonly round: number;
  readonly epoch: number;
  readonly tally: Tally;
  /** When the round began, ISO 8601 UTC. */
  readonly startedAt: string;
}

export interface FinishResult {
  readonly phase: 'completed' | 'completed-with-failures';
}

export interface ExploreUnitsInput extends Pick<ListUnitsRun, 'columns' | 'pattern' | 'position'> {
  readonly request: ExploreRequest;
}
