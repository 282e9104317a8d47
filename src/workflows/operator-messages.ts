import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Phase } from '../domain/progress.js';

/** How a pause ends what runs. `drain`: units in flight end; `now`: slices checkpoint and hand back. */
export type PauseMode = 'drain' | 'now';

/** Whether a migration or partition is paused, and how. */
export type Pause = 'none' | PauseMode;

/** What an operator wants of a migration. A higher revision is newer. */
export interface RootControl {
  readonly revision: number;
  readonly pause: Pause;
  /** Whether slices take no more units: paused, or held because too many units have failed. */
  readonly draining: boolean;
  readonly acceptFailures: boolean;
  readonly slicesInFlight: number;
  /** Per worker process; its own default where it is not given. */
  readonly unitsInFlight?: number;
  /** Per worker process. */
  readonly bytesPerSecond?: number;
}

/** Argument of {@link pauseUpdate}; `drain` where nothing is given. */
export interface PauseRequest {
  readonly mode?: PauseMode;
}

/** Argument of {@link resumeUpdate}. */
export interface ResumeRequest {
  readonly acceptFailures?: boolean;
}

/** Argument of {@link tuneUpdate}: at least one of them, positive whole numbers; `unlimited` bytes a second are the largest safe one. */
export interface TuneRequest {
  readonly slicesInFlight?: number;
  readonly unitsInFlight?: number;
  readonly bytesPerSecond?: number;
}

/** What a control answers: the phase right after it, and all that is wanted now. */
export interface ControlAnswer {
  readonly phase: Phase;
  readonly control: RootControl;
}

/** Pauses a migration. */
export const pauseUpdate = defineUpdate<ControlAnswer, [PauseRequest]>('pause');

/** Releases a migration that is paused or blocked. */
export const resumeUpdate = defineUpdate<ControlAnswer, [ResumeRequest]>('resume');

/** Changes how much a migration does at a time. */
export const tuneUpdate = defineUpdate<ControlAnswer, [TuneRequest]>('tune');

/** What a partition is told. Of two the higher revision holds, in whatever order they arrive. */
export interface PartitionControl {
  readonly revision: number;
  /** 0 while others have their turn. */
  readonly slicesAtOnce: number;
  readonly pause: Pause;
}

/** Tells a partition how many slices to run at once, and whether it is paused. */
export const controlSignal = defineSignal<[PartitionControl]>('control');

/** Tells a partition that slices which wait for these things may try again. */
export const releaseSignal = defineSignal<[{ readonly whats: readonly string[] }]>('release');

/** Tells the root that nothing of a partition runs, and why. */
export interface PartitionStanding {
  readonly partition: number;
  /** Revision of the newest {@link PartitionControl} that it knows. */
  readonly heard: number;
  /** What its slices wait for, if all that are left do. */
  readonly waitsFor: readonly string[];
}

/** Sent by a partition each time it has become idle, and again when it is told something while it is. */
export const standingSignal = defineSignal<[PartitionStanding]>('standing');
