import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Directives, PartitionDirectives, PauseMode, RequestCeilings } from '../domain/directives.js';
import type { Phase } from '../domain/figures/progress.js';

/** Argument of {@link pauseUpdate}. The default is `drain`. */
export interface PauseRequest {
  readonly mode?: PauseMode;
}

/** Argument of {@link resumeUpdate}. */
export interface ResumeRequest {
  readonly acceptFailures?: boolean;
}

/**
 * Argument of {@link tuneUpdate}: at least one field, with a positive whole number. The largest safe integer stands for
 * `unlimited` bytes per second.
 */
export interface TuneRequest {
  readonly unitsInFlight?: number | 'auto';
  readonly bytesPerSecond?: number;
  /** Changes the ceilings of these accounts, and of no others. */
  readonly requestsPerSecond?: RequestCeilings;
}

/** Answer to an operator: the phase right after the request, and the directives now in force. */
export interface ControlAnswer {
  readonly phase: Phase;
  readonly control: Directives;
}

/** Pauses a migration. */
export const pauseUpdate = defineUpdate<ControlAnswer, [PauseRequest]>('pause');

/** Resumes a paused migration, and retries what is blocked. */
export const resumeUpdate = defineUpdate<ControlAnswer, [ResumeRequest]>('resume');

/** Changes how fast a migration works. */
export const tuneUpdate = defineUpdate<ControlAnswer, [TuneRequest]>('tune');

/** Argument of {@link directivesSignal}; `root` is the run id of the root that sends it. */
export interface DirectivesMessage extends PartitionDirectives {
  readonly root: string;
}

/** Tells a partition that a credential may be a fresh one on some worker: what is blocked is tried again at once. */
export const credentialsSignal = defineSignal('credentials');

/** Tells a partition the newest directives. It is sent through a client, and perhaps more than once. */
export const directivesSignal = defineSignal<[DirectivesMessage]>('directives');
