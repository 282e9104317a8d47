import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { failureClassRow, isFailureClass } from '../domain/failure-classes.js';
import type { Blocked } from '../domain/figures/progress.js';
import { decodePayload } from '../payload-codec.js';
import { withoutHint } from './without-hint.js';

type Activities = WorkflowExecutionDescription['raw']['pendingActivities'];

/**
 * Returns why the last attempt at `prepare` failed, which the next one waits for; undefined if it has not failed. No
 * figures are summed up while a migration is being prepared, so this is all that is known about it.
 */
export async function failingPreparation(client: Client, activities: Activities): Promise<Blocked | undefined> {
  const prepare = activities?.find(({ activityType }) => activityType?.name === 'prepare');
  const failure = prepare?.lastFailure;
  const type = failure?.applicationFailureInfo?.type ?? '';
  if (failure == null || !isFailureClass(type)) return undefined;
  const details = await decodePayload<Partial<Blocked>>(client, failure.applicationFailureInfo?.details?.payloads?.[0]);
  const seconds = Number(prepare?.lastAttemptCompleteTime?.seconds ?? 0);
  return {
    what: details?.what ?? failureClassRow(type).scope,
    class: type,
    message: withoutHint(failure.message ?? '', type),
    since: new Date(seconds * 1_000).toISOString(),
    units: 0,
  };
}
