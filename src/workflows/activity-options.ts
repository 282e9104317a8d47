import {
  ActivityCancellationType,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  type ActivityOptions,
  type ChildWorkflowOptions,
} from '@temporalio/workflow';
import { controlTaskQueue } from '../domain/ids.js';

// Every timeout, retry and queue of the workflows, each with its reason. There are no schedule timeouts anywhere: a migration may
// wait for workers for days.

/** How long to wait before something is probed that was blocked again soon after a probe had got through. */
export const reprobe = {
  firstDelayMs: 15_000,
  // A few dozen events a day, however many days it lasts; `resume` is there for the impatient.
  longestDelayMs: 3_600_000,
} as const;

/** How long and how often the root waits for a partition of an earlier run of the migration to close, before it starts its own. */
export const partitionStartRetry = {
  // A partition closes once its slices have heard of the cancel, with the next delivered heartbeat.
  delayMs: 5_000,
  // Ten minutes: a dead worker's slices close with the heartbeat timeout, which is a minute by default.
  attemptsMax: 120,
} as const;

/** Options of `moveSlice`. The activity's id and summary are added for each slice. */
export function moveSliceOptions(heartbeatTimeoutMs: number): ActivityOptions {
  return {
    // The only timeout that means something: a worker is gone when it has been silent this long.
    heartbeatTimeout: heartbeatTimeoutMs,
    // A slice hands back after half an hour; this ends code that is stuck and still beats.
    startToCloseTimeout: '4 hours',
    retry: {
      // Crashes, deploys and outages are no reason to give units up: the ledger decides what is left to do.
      maximumAttempts: Number.POSITIVE_INFINITY,
      // It is part of the time from a crash to moving again, so it is short.
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

/** Options of `cleanUp`: it aborts the uploads that are left, however many they are, and is tried until the store answers. */
export function cleanUpOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // One request an upload; hundreds of thousands at worst.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
  };
}

/** Options of `probe`: its retries cost no history event, so it is tried until what is blocked can be used again. */
export function probeOptions(taskQueue: string): ActivityOptions {
  const options = shortControlActivity(taskQueue);
  return {
    ...options,
    // A request or two, with their own retries inside.
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    // Credentials are renewed by people: more often would only fill the other side's logs.
    retry: { ...options.retry, maximumInterval: '1 minute' },
    // An operator said `resume`: nobody waits for it.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** Options of `observe`, which lasts as long as the root. */
export function observeOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // It has no end of its own. When this one comes it begins again, and costs no history event.
    startToCloseTimeout: '24 hours',
    // It beats every second or two, whatever it waits for: so figures go on soon after its worker died. One attempt too many does no harm.
    heartbeatTimeout: '10 seconds',
    // Nobody needs its result: the root goes on to `finish` at once.
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
  // Whatever ends the root, a partition hears of it and lets its slices flush; killing it would strand them until they beat.
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  // The root ends after its partitions, so that a `resume` finds their ids free.
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const satisfies ChildWorkflowOptions;
