import type { Info } from '@temporalio/activity';
import type { RootRun } from './migration-runs.js';

/** Returns the run of the root workflow that has asked for this activity. */
export function rootOf({ workflowExecution, activityType }: Info): RootRun {
  if (workflowExecution === undefined) throw new Error(`${activityType} runs for a root workflow only`);
  return workflowExecution;
}
