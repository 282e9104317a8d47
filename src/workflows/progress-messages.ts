import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ObservedProgress } from '../domain/figures/progress.js';
import type { ProgressAnswer, SlicesAnswer } from './messages.js';

/** Asks the root for its figures, which are as old as the last {@link progressSignal}. */
export const progressQuery = defineQuery<ProgressAnswer>('progress');

/** Tells the root the figures that `observe` has summed up. */
export const progressSignal = defineSignal<[ObservedProgress]>('progress');

/** Asks a partition which of its slices are complete, running or waiting. */
export const slicesQuery = defineQuery<SlicesAnswer>('slices');
