import { isCancellation } from '@temporalio/workflow';
import { toMigrationFailure, toWorkflowFailure } from '../to-migration-failure.js';

/** Runs an activity; if it fails, the type of the workflow's failure is a failure class. */
export async function orFailure<T>(activity: () => Promise<T>): Promise<T> {
  try {
    return await activity();
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw toWorkflowFailure(toMigrationFailure(error));
  }
}
