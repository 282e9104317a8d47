import {
  ActivityCancellationType,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  type ActivityOptions,
  type ChildWorkflowOptions,
} from '@temporalio/workflow';
import { controlTaskQueue } from '../domain/ids.js';

// All timeouts, retries and task queues of the workflows, each with its reason, and the summaries that the Web UI shows
// in place of the activities' names. Only what ends a migration that was cancelled or has failed has a
// schedule-to-close timeout: a migration may wait days for a worker.

/** Returns the options of a migration's `moveSlice` activities. Each slice adds its own activity id and summary. */
export function moveSliceOptions(heartbeatTimeoutMs: number, name: string): ActivityOptions {
  return {
    // A worker that has been silent this long is assumed dead.
    heartbeatTimeout: heartbeatTimeoutMs,
    // Temporal requires one. A unit may take a week as long as it advances; the slice itself ends a unit that is stuck.
    startToCloseTimeout: '365 days',
    // Migrations on one task queue take turns, so a small one need not wait for all slices of a large one. Temporal
    // allows 64 bytes for a key. The name of a plan may be a few bytes longer: then two plans may share their turns.
    priority: { fairnessKey: name.slice(0, 64) },
    retry: {
      // Crashes, deploys and outages are no reason to give up: the ledger knows what is left to do.
      maximumAttempts: Number.POSITIVE_INFINITY,
      // Short, because it adds to the time between a crash and the next byte moved.
      initialInterval: '1 second',
      backoffCoefficient: 2,
      // Shutdowns count as attempts: without this bound, each deploy would delay the next start further.
      maximumInterval: '1 minute',
    },
    // A cancelled slice flushes its ledger and hands back what it has done; the partition waits for that.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // An eager start would load the worker that runs the workflow, however many slots others have free.
    allowEagerDispatch: false,
  };
}

/**
 * Returns the options of `findUnclaimed` and `concludeVerification`. They take a slot like a slice, because they may
 * run for hours, and continue at the next container or prefix when their worker has died.
 */
export function findUnclaimedOptions(heartbeatTimeoutMs: number, name: string): ActivityOptions {
  return {
    ...moveSliceOptions(heartbeatTimeoutMs, name),
    // Nothing has to be handed back: what is known of a container is stored already.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary: 'find the blobs that no unit claims',
  };
}

/** Returns the options of `prepare`, which fails within a minute or so where a migration cannot work. */
export function prepareOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'look at the stores, and take the migration over',
    // One list request per account and a few small objects, each with its own retries. It heartbeats throughout.
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
  };
}

/** Returns the options of `finish`, which reads and writes two small objects and is retried until the store answers. */
export function finishOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'write the summary of the round',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
  };
}

/** Returns the options of `cleanUp`, which aborts all uploads that are left and is retried until the store answers. */
export function cleanUpOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'abort the uploads that are left',
    // One request per upload; hundreds of thousands at worst.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
  };
}

/**
 * Returns the options of `cleanUp` after a cancel. It is given up after `patienceMs`, by default ten minutes: an
 * operator is waiting, and the next `resume` or `forget` aborts the same uploads.
 */
export function lastCleanUpOptions(taskQueue: string, patienceMs = 600_000): ActivityOptions {
  return { ...cleanUpOptions(taskQueue), scheduleToCloseTimeout: patienceMs };
}

/** Returns the options of `tellPartitions`: at most 500 signals, retried until the server has accepted them. */
export function tellPartitionsOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'tell the partitions what the operator wants',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
  };
}

/** Returns the options of `awaitVacancy`, which ends by itself after ten minutes. */
export function awaitVacancyOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'wait until the partitions of an earlier run have ended',
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: '30 seconds',
  };
}

/** Returns the options of the activities of `check`: about a hundred requests, with somebody waiting for the answer. */
export function checkOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // Probes have limits of their own; an upload of 11 MiB has the longest, of 3 minutes.
    startToCloseTimeout: '5 minutes',
    scheduleToCloseTimeout: '8 minutes',
    heartbeatTimeout: '30 seconds',
    // Probes turn failures into verdicts: only the death of a worker is worth another try.
    retry: { maximumAttempts: 2 },
  };
}

/** Returns the options of the activities of `explore`, which list whole accounts. */
export function exploreOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    // A billion blobs are 200,000 pages; at ten a second, they take several hours. It heartbeats after each.
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '30 seconds',
  };
}

/** Returns the options of `observe`, which runs as long as the root does. */
export function observeOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'sum up the figures; its heartbeat has the newest',
    // It never ends by itself. On this timeout another attempt begins, which adds no event to the history.
    startToCloseTimeout: '24 hours',
    // It heartbeats every second or two, so figures return soon after its worker has died. Two attempts at the same
    // time do no harm.
    heartbeatTimeout: '10 seconds',
    // Nobody needs its result: the root ends without waiting for it.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** Returns the options of `endObserve`. It is given up after half a minute: a failure should show even without it. */
export function endObserveOptions(taskQueue: string): ActivityOptions {
  return {
    ...shortControlActivity(taskQueue),
    summary: 'end the figures',
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: '30 seconds',
    heartbeatTimeout: '10 seconds',
  };
}

function shortControlActivity(taskQueue: string): ActivityOptions {
  return {
    // A task queue that every worker serves besides that of the slices, so that these activities never wait for slices.
    taskQueue: controlTaskQueue(taskQueue),
    retry: {
      // The activity itself decides which failures are final.
      maximumAttempts: Number.POSITIVE_INFINITY,
      initialInterval: '1 second',
      backoffCoefficient: 2,
      // They are cheap, and an operator may be waiting for the outcome.
      maximumInterval: '10 seconds',
    },
    allowEagerDispatch: false,
  };
}

/** The options that all partitions share. */
export const partitionOptions = {
  // Whatever ends the root, its partitions are cancelled, which lets their slices flush. If they were terminated,
  // slices would run on until their next heartbeat.
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  // The root closes after its partitions, so that a `resume` finds their workflow ids free.
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const satisfies ChildWorkflowOptions;
