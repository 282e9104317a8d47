import type { WorkerOptions } from '@temporalio/worker';

// Every number of a worker process, each with its reason. Timeouts and retries of activities are in
// workflows/activity-options.ts.

/** Options that both workers of a process share. */
export function commonWorkerOptions(heartbeatIntervalMs: number) {
  return {
    // A slice takes minutes, so there is no point in waiting for its end: it is told at once, and flushes its ledger.
    shutdownGraceTime: 0,
    // A flush takes at most 10 s. What takes longer is stuck, and its attempt is taken over after the heartbeat
    // timeout.
    shutdownForceTime: '60 seconds',
    // Bounds how much a `kill -9` repeats and how late a cancel arrives; the default is 80 % of the heartbeat timeout.
    // A delivered beat costs the server 2 ms of CPU and nothing on disk.
    maxHeartbeatThrottleInterval: heartbeatIntervalMs,
    defaultHeartbeatThrottleInterval: heartbeatIntervalMs,
    // An eager start would bypass the slots of other workers.
    maxEagerActivityReservationsPerWorkflowTask: 0,
  } as const satisfies WorkerOptionsSubset;
}

/** Options of the worker of the main task queue: workflows and slices. */
export const mainWorkerOptions = {
  // Units in flight and bytes are limited for the process; several slices keep it busy while one of them begins, ends
  // or waits.
  maxConcurrentActivityTaskExecutions: 4,
  // About 0.3 MB each, so at most 150 MB. A migration has at most 500 partitions, all open; what is not cached is
  // replayed when it wakes.
  maxCachedWorkflows: 500,
  // The SDK stops a step of a workflow after 5 s by the clock. On an overloaded machine an innocent step takes longer,
  // and Node does not survive its stop: https://github.com/nodejs/node/issues/38503. A workflow that never ends is
  // still stopped, later.
  isolateExecutionTimeout: '2 minutes',
} as const satisfies WorkerOptionsSubset;

/** Options of the worker of the control task queue. */
export const controlWorkerOptions = {
  // An `observe` for each running migration, and a few short ones.
  maxConcurrentActivityTaskExecutions: 100,
  // What fails must show within half a minute, of which the beats of slices and the looks at them take most. There are
  // only a few activities here, so their heartbeats may be frequent.
  maxHeartbeatThrottleInterval: '2 seconds',
  defaultHeartbeatThrottleInterval: '2 seconds',
} as const satisfies WorkerOptionsSubset;

/** How long a process waits between two attempts to reach Temporal, and how often it logs that. */
export const connectRetry = { delayMs: 2_000, sayEveryMs: 15_000 } as const;

/** Migrations that a process keeps open: more than one machine ever runs at a time, with a few sockets each. */
export const openMigrationsMax = 8;

/** The SDK accepts the last one without declaring it. */
type WorkerOptionsSubset = Partial<WorkerOptions> & { readonly isolateExecutionTimeout?: string };
