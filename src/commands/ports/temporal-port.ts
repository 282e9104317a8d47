import type { Definition } from '../../domain/definition.js';
import type { ControlAddress } from '../../domain/stored/migration-record.js';
import type { Moment } from '../../domain/moment.js';
import type { Blocked, Progress } from '../../domain/figures/progress.js';
import type { UnitFigures } from '../../domain/figures/unit-figures.js';
import type { ControlAnswer, PauseRequest, ResumeRequest, TuneRequest } from '../../workflows/operator-messages.js';
import type { ControlMemo, MigrationInput, MigrationResult, RootMemo } from '../../workflows/messages.js';
import type { TemporalChecks } from './temporal-checks.js';
import type { TemporalExplorations } from './temporal-explorations.js';

/** What a migration's root is started with. */
export interface RootStart {
  readonly definition: Definition;
  readonly input: MigrationInput;
  /** Figures over all earlier rounds; undefined in round 0. */
  readonly before?: UnitFigures | undefined;
}

/** What an operator asks of a running migration. */
export type OperatorRequest =
  | { readonly kind: 'pause'; readonly argument: PauseRequest }
  | { readonly kind: 'resume'; readonly argument: ResumeRequest }
  | { readonly kind: 'tune'; readonly argument: TuneRequest };

/** The state of a root run at Temporal. */
export type RootState = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/** What Temporal knows about a migration's newest root run. No worker is needed to ask for it. */
export interface RootDescription {
  readonly workflowId: string;
  readonly runId: string;
  readonly state: RootState;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly memo: RootMemo | null;
  /** Figures over all earlier rounds; null in round 0. */
  readonly before: UnitFigures | null;
  /** Where its control objects are; null if the run does not say. */
  readonly control: ControlMemo | null;
  /** The figures of the last heartbeat of `observe`; null before the first and after the end. */
  readonly progress: (Progress & { readonly moment?: Moment }) | null;
  /** What a migration that is being prepared waits for, if an attempt at that has failed. */
  readonly failing?: Blocked;
  /** Set if the state is `completed`. */
  readonly result: MigrationResult | null;
  /** Why the run did not complete, with its class in the table of failures if it has one. */
  readonly failure: { readonly class: string | null; readonly message: string } | null;
}

/**
 * Temporal as the verbs see it. Every method rejects with a `CommandError` of status 6, which names the address, if the
 * server does not answer.
 */
export interface TemporalPort {
  /** `host:port` */
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Starts a migration's root. If one is running already, it is left alone and its run is returned. */
  startRoot(start: RootStart): Promise<{ readonly runId: string }>;
  /** Resolves to undefined if Temporal does not know the migration, or no longer. */
  describeRoot(name: string): Promise<RootDescription | undefined>;
  /** Asks the server to cancel a root run, which ends after its slices have. Does nothing if it has ended already. */
  cancelRoot(name: string, runId: string): Promise<void>;
  /**
   * Asks something of a root run. Resolves to undefined if it has ended; rejects with status 2 if it refuses, saying
   * why.
   */
  askRoot(name: string, runId: string, request: OperatorRequest): Promise<ControlAnswer | undefined>;
  /** Resolves to where the newest root run keeps its control objects; undefined if Temporal knows none. */
  controlAddress(name: string): Promise<ControlAddress | undefined>;
  /** Yields the newest root run of every migration that Temporal knows, newest first. */
  listRoots(): AsyncIterable<Omit<RootDescription, 'progress' | 'result' | 'failure'>>;
  /** Tells whether a worker answers a question to a running root, within a few seconds. */
  isAnswered(name: string, runId: string): Promise<boolean>;
  /** Tells whether a worker has polled the task queue in the last minute or so. */
  isPolled(): Promise<boolean>;
  /** Tells whether Longhaul's search attributes are registered in the namespace. */
  hasSearchAttributes(): Promise<boolean>;
  /** What `check` asks. */
  readonly checks: TemporalChecks;
  /** What `explore` runs. */
  readonly explorations: TemporalExplorations;
  close(): Promise<void>;
}
