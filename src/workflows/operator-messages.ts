import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Directives, PartitionDirectives, PauseMode } from '../domain/directives.js';
import type { Phase } from '../domain/progress.js';

/** Argument of {@link pauseUpdate}; `drain` where nothing is given. */
export interface PauseRequest {
  readonly mode?: PauseMode;
}

/** Argument of {@link resumeUpdate}. */
export interface ResumeRequest {
  readonly acceptFailures?: boolean;
}

/**
 * Argument of {@link tuneUpdate}: at least one, positive whole numbers; `unlimited` bytes a second are the largest safe
 * one.
 */
export interface TuneRequest {
  readonly unitsInFlight?: number | 'auto';
  readonly bytesPerSecond?: number;
}

/** Answer to an operator: the phase right after the request, and all directives that hold now. */
export interface ControlAnswer {
  readonly phase: Phase;
  readonly control: Directives;
}

/** Pauses a migration. */
export const pauseUpdate = defineUpdate<ControlAnswer, [PauseRequest]>('pause');

/** Releases a migration that is paused or blocked. */
export const resumeUpdate = defineUpdate<ControlAnswer, [ResumeRequest]>('resume');

/** Changes how much a migration does at a time. */
export const tuneUpdate = defineUpdate<ControlAnswer, [TuneRequest]>('tune');

/** Argument of {@link directivesSignal}; `root` is the run id of the root that sends it. */
export interface DirectivesMessage extends PartitionDirectives {
  readonly root: string;
}

/** Tells a partition the newest directives. Sent through a client, and perhaps more than once. */
export const directivesSignal = defineSignal<[DirectivesMessage]>('directives');
