import { failureClassRow } from '../../domain/failure-classes.js';

/** Says that no worker is there. */
export function noWorkersMessage(taskQueue: string): string {
  return `no worker answers on task queue ${taskQueue}`;
}

/** Says the same as a warning, with what to do. */
export function noWorkersWarning(taskQueue: string): string {
  return `warning: ${noWorkersMessage(taskQueue)}: ${failureClassRow('NoWorkers').hint}`;
}
