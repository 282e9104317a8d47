import type { Definition, SpeedDefinition, TargetDefinition } from '../domain/definition.js';
import type { FindRenderer } from '../domain/rendered-find.js';
import type { CredentialEnd } from '../domain/moment.js';
import type { Progress } from '../domain/figures/progress.js';
import type { ControlAddress } from '../domain/stored/migration-record.js';
import type { SliceResult } from '../domain/figures/slice-report.js';
import type { RequestCeilings } from '../domain/directives.js';
import type { ExploredSource } from '../explore/explored-source.js';
import type { ExploreRequest } from '../explore/explore-request.js';
import type { BytePace } from '../flow/byte-pace.js';
import type { MigrationResources } from '../pipeline/unit/migration-resources.js';
import type { ObjectTarget } from '../pipeline/publish/object-target.js';
import type { SliceControl, SliceJob } from '../pipeline/slice/slice-job.js';
import type { ProcessResources } from '../flow/process-resources.js';
import type { RequestPace } from '../flow/request-pace.js';
import type { ProbedSource } from '../probes/source/probed-source.js';
import type { ProbedTarget } from '../probes/target/probed-target.js';
import type { MigrationRuns } from './migration-runs.js';
import type { Redact } from '../domain/text/redact-secrets.js';

/** What activities need from the process that they run in. The worker assembles it. */
export interface ActivityDependencies {
  /**
   * Opens a round. Fails with a `Failure` of the target's classes, or with `ConfigError` if no such round was staged.
   */
  readonly openMigration: (control: ControlAddress, round: number, signal: AbortSignal) => Promise<OpenMigration>;
  /** Opens the target for `check`. Fails with `ConfigError/Endpoint` or `ConfigError/Credential`. */
  readonly openProbedTarget: (target: TargetDefinition) => ProbedTarget;
  /** Opens the source accounts for `check`. */
  readonly openProbedSources: (definition: Pick<Definition, 'accounts' | 'find' | 'expect'>) => ProbedSources;
  /** Opens an account to explore it. Its endpoint is checked at the first request. */
  readonly openExplored: (account: ExploreRequest['account']) => OpenExplored;
  readonly moveSlice: (run: SliceJob) => Promise<SliceResult>;
  readonly process: ProcessResources;
  readonly runs: MigrationRuns;
  readonly directives: SliceDirectives;
  /** Which Temporal server and namespace the worker works for. */
  readonly cluster: { readonly cluster: string; readonly namespace: string };
  /** Longhaul's version, for receipts. */
  readonly buildInfo: string;
  readonly redact: Redact;
  /** Called with the workflow id of a partition of which a slice was refused, for want of a credential or otherwise. */
  readonly noteBlocked?: ((partition: string) => void) | undefined;
  /**
   * Called with the figures of a migration while this process observes it, and with undefined when it no longer does.
   */
  readonly noteProgress?: ((migration: string, progress: Progress | undefined) => void) | undefined;
}

/** Source accounts that nobody has staged anything for yet. */
export interface ProbedSources {
  readonly source: ProbedSource;
  readonly find: FindRenderer;
  /** Closes all connections. */
  close(): void;
}

/** An account that is being explored. */
export interface OpenExplored {
  readonly source: ExploredSource;
  /** Closes all connections. */
  close(): void;
}

/** The speeds that an operator may change. */
export interface WantedSpeed extends Pick<SpeedDefinition, 'unitsInFlight' | 'bytesPerSecond'> {
  /** Ceilings of the accounts that have one. */
  readonly requestsPerSecond?: RequestCeilings;
}

/** The operators' directives for the migrations whose slices this process moves. */
export interface SliceDirectives {
  /**
   * Watches a migration until stopped; called once for each slice, and resolves after the directives have been read for
   * the first time, if they can be. The fields of `control`, the width of `units` and the rates of `pace` and of
   * requests change over time. All slices of a migration in this process share them.
   */
  watch(watched: {
    readonly name: string;
    /** What its file asks for. */
    readonly speed: WantedSpeed;
    /** Of the root whose partition has scheduled the slice; with each epoch, revisions start again. */
    readonly epoch: number;
    /** Directives of a lower revision do not count. */
    readonly revision: number;
  }): Promise<WatchedDirectives>;
}

/** The directives that one slice follows. */
export interface WatchedDirectives {
  readonly control: SliceControl;
  readonly pace: BytePace;
  /** Of the requests to a source account. */
  readonly requestPace: (account: string) => RequestPace;
  /** Units in flight: of this migration, and of the whole process. */
  readonly units: ProcessResources['units'];
  stop(): void;
}

/** A round of a migration that a worker process has open. */
export interface OpenMigration {
  readonly resources: MigrationResources;
  /**
   * Proves with one request that a source account can be reached and accepts the credential. `container` is one that
   * the migration uses, if known.
   */
  readonly probeAccount: (account: string, container: string | undefined, signal: AbortSignal) => Promise<void>;
  /** Returns when credentials end, where that is known, the earliest ones only. Makes no request to a store. */
  readonly credentialEnds: () => Promise<readonly CredentialEnd[]>;
  /** Opens a target over the control bucket, without the settings of target objects, for as long as `use` runs. */
  readonly withControlTarget: <T>(use: (target: ObjectTarget) => Promise<T>) => Promise<T>;
}
