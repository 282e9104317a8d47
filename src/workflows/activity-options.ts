import {
  ActivityCancellationType,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  type ActivityOptions,
  type ChildWorkflowOptions,
} from '@temporalio/workflow';
import { controlTaskQueue } from '../domain/ids.js';

// Every timeout, retry and queue of the workflows, each with its reason. Apart from the end of a cancel there are no
// schedule timeouts: a migration may wait for workers for days.

/** Options of the `moveSlice` of a migration. The activity's id and summary are added for each slice. */
export function moveSliceOptions(heartbeatTimeoutMs: number, name: string): ActivityOptions {
  return {
    // A worker is gone when it has been silent this long.
    heartbeatTimeout: heartbeatTimeoutMs,
    // The engine wants one. A unit that advances for a week may take its week; the slice itself ends what is stuck.
    startToCloseTimeout: '365 days',
    // Migrations on one task queue take turns: a small one does not wait behind the slices that a large one has
    // scheduled. A name is shorter than the 64 bytes that a key may have.
    priority: { fairnessKey: name },
    retry: {
      // Crashes, deploys and outages are no reason to give units up: the ledger decides what is left to do.
      maximumAttempts: Number.POSITIVE_INFINITY,
      // It is a part of the time from a crash until bytes move again, so it is short.
      initialInterval: '1 second',
      backoffCoefficient: 2,
      // Shutdowns count as attempts, so without a bound every deploy would slow the next start down.
      maximumInterval: '1 minute',
    },
    // A cancelled slice flushes its ledger and hands back what it has; the partition waits for that.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // An eager start would ignore the slots of other workers and load the one that runs the workflow.
    allowEagerDispatch: false,
  };
}

/** Options of `prepare`: it ends a migration that cannot work within a minute or so. */
export function prepareOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // One list request an account and a few small objects, with their own retries inside; it beats all the time.
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
  };
}

/** Options of `finish`: it reads and writes two small objects, and is tried until the store answers. */
export function finishOptions(taskQueue: string): ActivityOptions {
  return { ...shortControlActivity(taskQueue), startToCloseTimeout: '5 minutes', heartbeatTimeout: '30 seconds' };
}

/**
 * Options of `cleanUp`: it aborts the uploads that are left, however many they are, and is tried until the store
 * answers.
 */
export function cleanUpOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // One request an upload; hundreds of thousands at worst.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
  };
}

/**
 * Options of `cleanUp` on the way of a cancel: an operator waits, and what it would abort can be aborted later as well,
 * by the next `resume` or `forget`.
 */
export function lastCleanUpOptions(taskQueue: string): ActivityOptions {
  return { ...cleanUpOptions(taskQueue), scheduleToCloseTimeout: '10 minutes' };
}

/** Options of `tellPartitions`: a signal to each of at most 500 partitions, tried until the server takes them. */
export function tellPartitionsOptions(taskQueue: string): ActivityOptions {
  return { ...shortControlActivity(taskQueue), startToCloseTimeout: '5 minutes', heartbeatTimeout: '30 seconds' };
}

/** Options of `awaitVacancy`, which ends by itself after ten minutes. */
export function awaitVacancyOptions(taskQueue: string): ActivityOptions {
  return { ...shortControlActivity(taskQueue), startToCloseTimeout: '15 minutes', heartbeatTimeout: '30 seconds' };
}

/** Options of `observe`, which lasts as long as the root. */
export function observeOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // It has no end of its own. When this one comes, another attempt begins, which costs no event.
    startToCloseTimeout: '24 hours',
    // It beats every second or two, so figures are back soon after its worker died. One attempt too many does no harm.
    heartbeatTimeout: '10 seconds',
    // Nobody needs its result: the root ends without waiting for it.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

function shortControlActivity(taskQueue: string): ActivityOptions {
  return {
    // A queue of their own, served by every worker, so that they never wait behind slices.
    taskQueue: controlTaskQueue(taskQueue),
    retry: {
      // Which failure is final is decided where it is known, in the activity.
      maximumAttempts: Number.POSITIVE_INFINITY,
      initialInterval: '1 second',
      backoffCoefficient: 2,
      // They are cheap, and an operator is waiting for their outcome.
      maximumInterval: '10 seconds',
    },
    allowEagerDispatch: false,
  };
}

/** Options that all partitions share. */
export const partitionOptions = {
  // Whatever ends the root, its partitions are cancelled and let their slices flush; killing them would strand the
  // slices until they beat.
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  // The root ends after its partitions, so that a `resume` finds their ids free.
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const satisfies ChildWorkflowOptions;
