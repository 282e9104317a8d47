import type { SpeedDefinition } from '../domain/definition.js';
import type { ControlAddress } from '../domain/migration-record.js';
import type { Progress } from '../domain/progress.js';
import type { SliceResult } from '../domain/slice-report.js';
import type { BytePace } from '../flow/byte-pace.js';
import type { MigrationResources } from '../pipeline/unit/migration-resources.js';
import type { ObjectTarget } from '../pipeline/publish/object-target.js';
import type { SliceControl, SliceJob } from '../pipeline/slice/slice-job.js';
import type { ProcessResources } from '../flow/process-resources.js';
import type { PartitionView } from './observe/partition-view.js';
import type { Redact } from './redact-secrets.js';

/** What activities need from the process that they run in. The worker puts it together. */
export interface ActivityDependencies {
  /**
   * Opens a round. Fails with a `Failure` of the target's classes, or with `ConfigError` if no such round was staged.
   */
  readonly openMigration: (control: ControlAddress, round: number, signal: AbortSignal) => Promise<OpenMigration>;
  readonly moveSlice: (run: SliceJob) => Promise<SliceResult>;
  readonly process: ProcessResources;
  readonly runs: MigrationRuns;
  readonly controls: SliceControls;
  /** Which Temporal server and namespace the worker works for. */
  readonly cluster: { readonly cluster: string; readonly namespace: string };
  /** Longhaul's version, for receipts. */
  readonly buildInfo: string;
  readonly redact: Redact;
}

/** The speeds that an operator may change. */
export type WantedSpeed = Pick<SpeedDefinition, 'unitsInFlight' | 'bytesPerSecond'>;

/** What operators want from the migrations whose slices this process moves. */
export interface SliceControls {
  /**
   * Watches a migration until stopped; called once for each slice. The fields of `control` and the rate of `pace`
   * change over time. `speed` is what the migration file asks for. All slices of a migration in this process share one
   * pace.
   */
  watch(name: string, speed: WantedSpeed): { readonly control: SliceControl; readonly pace: BytePace; stop(): void };
}

/** A round of a migration that a worker process has open. */
export interface OpenMigration {
  readonly resources: MigrationResources;
  /**
   * Proves with one request that a source account can be reached and accepts the credential. `container` is one that
   * the migration uses, if known.
   */
  readonly probeAccount: (account: string, container: string | undefined, signal: AbortSignal) => Promise<void>;
  /** Opens a target over the control bucket, without the settings of target objects, for as long as `use` runs. */
  readonly withControlTarget: <T>(use: (target: ObjectTarget) => Promise<T>) => Promise<T>;
}

/** One run of a root workflow. */
export interface RootRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** What Temporal knows about the runs of a migration. Errors are those of the connection: the caller may try again. */
export interface MigrationRuns {
  /** Tells whether a root run is still open. */
  isOpen(root: RootRun): Promise<boolean>;
  /**
   * Gives the workflow ids of the root's partitions that have been started and not closed; undefined once the root has
   * closed.
   */
  runningPartitions(root: RootRun): Promise<readonly string[] | undefined>;
  /** Describes the newest run of a partition; undefined where there is none, or none of this root run. */
  describe(workflowId: string, root: RootRun): Promise<PartitionView | undefined>;
  /** Tells the root; one that has closed needs nothing more, and nothing happens. */
  signalProgress(root: RootRun, progress: Progress): Promise<void>;
}
