import type { Definition } from '../../domain/definition.js';
import type { ControlAddress } from '../../domain/migration-record.js';
import type { Progress } from '../../domain/progress.js';
import type { UnitFigures } from '../../domain/unit-figures.js';
import type { ControlAnswer, PauseRequest, ResumeRequest, TuneRequest } from '../../workflows/operator-messages.js';
import type { ControlMemo, MigrationInput, MigrationResult, RootMemo } from '../../workflows/messages.js';

/** What the root of a migration is started with. */
export interface RootStart {
  readonly definition: Definition;
  readonly input: MigrationInput;
  /** What all rounds before say together; undefined in round 0. */
  readonly before?: UnitFigures | undefined;
}

/** What an operator asks a migration for. */
export type ControlRequest =
  | { readonly kind: 'pause'; readonly argument: PauseRequest }
  | { readonly kind: 'resume'; readonly argument: ResumeRequest }
  | { readonly kind: 'tune'; readonly argument: TuneRequest };

/** How a root run stands with Temporal. */
export type RootState = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/** What Temporal knows of the newest root run of a migration, without any worker's help. */
export interface RootDescription {
  readonly workflowId: string;
  readonly runId: string;
  readonly state: RootState;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly memo: RootMemo | null;
  /** What all rounds before say together; null in round 0. */
  readonly before: UnitFigures | null;
  /** Where its control objects lie; null where the run does not say. */
  readonly control: ControlMemo | null;
  /** Last figures that `observe` beat; null before the first and after the end. */
  readonly progress: Progress | null;
  /** There where the state is `completed`. */
  readonly result: MigrationResult | null;
  /** There where the run did not complete: why, with a class of the failure table if it has one. */
  readonly failure: { readonly class: string | null; readonly message: string } | null;
}

/**
 * Temporal as the verbs see it. Every method rejects with a `CommandError` of status 6, naming the address, when the server does not
 * answer.
 */
export interface TemporalPort {
  /** `host:port` */
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Starts a migration's root; a running one of the same id is left alone and its run given. */
  startRoot(start: RootStart): Promise<{ readonly runId: string }>;
  /** Gives undefined for a migration that Temporal does not know (any more). */
  describeRoot(name: string): Promise<RootDescription | undefined>;
  /** Asks the server to cancel a root run; it ends when its slices have. One that has ended is left as it is. */
  cancelRoot(name: string, runId: string): Promise<void>;
  /** Asks a root run for something; undefined where it has ended. Rejects with status 2 and the root's words where it refuses. */
  controlRoot(name: string, runId: string, request: ControlRequest): Promise<ControlAnswer | undefined>;
  /** Gives where the control objects of the newest root run lie and how to reach them; undefined where Temporal knows none. */
  rootControl(name: string): Promise<ControlAddress | undefined>;
  /** Gives the newest root run of every migration that Temporal knows, newest first. */
  listRoots(): AsyncIterable<Omit<RootDescription, 'progress' | 'result' | 'failure'>>;
  /** Tells whether a worker asked for work on the task queue in the last minute or so. */
  isPolled(): Promise<boolean>;
  /** Tells whether Longhaul's search attributes are registered in the namespace. */
  hasSearchAttributes(): Promise<boolean>;
  close(): Promise<void>;
}
