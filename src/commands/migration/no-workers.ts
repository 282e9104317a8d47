import { failureClassRow } from '../../domain/failure-classes.js';

/** Returns a message that no worker answers. */
export function noWorkersMessage(taskQueue: string): string {
  return `no worker answers on task queue ${taskQueue}`;
}

/** Returns the same as a warning, with what to do. */
export function noWorkersWarning(taskQueue: string): string {
  return `warning: ${noWorkersMessage(taskQueue)}: ${failureClassRow('NoWorkers').hint}`;
}
