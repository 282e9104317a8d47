import type { WorkerOptions } from '@temporalio/worker';

// Every number of a worker process, each with its reason. Timeouts and retries of activities are in workflows/activity-options.ts.

/** Options that both workers of a process share. */
export function commonWorkerOptions(heartbeatIntervalMs: number) {
  return {
    // A slice takes minutes, so waiting for its end is no use: it is told at once, and flushes its ledger.
    shutdownGraceTime: 0,
    // A flush is over after 10 s; what takes longer is stuck, and its attempt is taken over after the heartbeat timeout.
    shutdownForceTime: '60 seconds',
    // Bounds what a `kill -9` repeats and how soon a cancel arrives; without it that is 80 % of the heartbeat timeout. A delivered beat
    // costs the server 2 ms of CPU and nothing on disk.
    maxHeartbeatThrottleInterval: heartbeatIntervalMs,
    defaultHeartbeatThrottleInterval: heartbeatIntervalMs,
    // An eager start would bypass the slots of other workers.
    maxEagerActivityReservationsPerWorkflowTask: 0,
  } as const satisfies WorkerOptionsSubset;
}

/** Options of the worker of the main task queue: workflows and slices. */
export const mainWorkerOptions = {
  // Units in flight and bytes are limited for the process; several slices keep it busy while one of them begins, ends or waits.
  maxConcurrentActivityTaskExecutions: 4,
  // About 0.3 MB each. A round keeps as many workflows busy as slices in flight; others are replayed when they wake up.
  maxCachedWorkflows: 200,
} as const satisfies WorkerOptionsSubset;

/** Options of the worker of the control task queue. */
export const controlWorkerOptions = {
  // An `observe` for each running migration, and a few short ones.
  maxConcurrentActivityTaskExecutions: 100,
} as const satisfies WorkerOptionsSubset;

/** How long a process waits between two tries to reach Temporal, and how often it says so. */
export const connectRetry = { delayMs: 2_000, sayEveryMs: 15_000 } as const;

/** Migrations that a process keeps open: more than one box ever runs at a time, and a few sockets each. */
export const openMigrationsMax = 8;

type WorkerOptionsSubset = Partial<WorkerOptions>;
