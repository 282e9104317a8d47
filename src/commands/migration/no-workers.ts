/** The warning that nobody is there to do the work. */
export function noWorkersWarning(taskQueue: string): string {
  return `warning: no worker polls task queue ${taskQueue}: start longhaul-worker; the migration waits until one comes`;
}
