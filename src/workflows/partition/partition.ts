import {
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { partitionSlices, slicesScheduledMax } from '../../domain/layout.js';
import type { PartitionInput, PartitionResult } from '../messages.js';
import { slicesQuery } from '../progress-messages.js';
import { credentialsSignal, directivesSignal } from '../operator-messages.js';
import { changingAttributes } from '../search-attributes.js';
import { toWorkflowFailure } from '../to-migration-failure.js';
import { PartitionDriver } from './partition-driver.js';
import { slicesAnswer } from './partition-memo.js';
import { carriedOver, initialPartition } from './partition-state.js';

/**
 * Runs the slices of one partition: `stepPartition` decides, and {@link PartitionDriver} carries it out. A partition
 * never talks to its migration, which sends it the operator's directives. It continues as new when its history gets
 * long and no slice runs. If it is cancelled, it closes after its slices have handed back. If it fails, the type of the
 * failure is a failure class.
 */
export async function partition(input: PartitionInput): Promise<PartitionResult> {
  const { layout, directives: told, done, blocked } = input;
  const slices = partitionSlices(layout, input.partition);
  const driver = new PartitionDriver(
    input,
    slices,
    initialPartition({
      ...{ partition: input.partition, slices: slices.length, scheduledMax: slicesScheduledMax(layout) },
      ...{ directives: told, done, blocked },
    }),
  );
  const { parent } = workflowInfo();
  setHandler(
    directivesSignal,
    ({ root, ...directives }) => {
      // A message of an earlier root, which was terminated, may still arrive.
      if (root === parent?.runId) driver.take({ kind: 'told', directives });
    },
    {
      description:
        "The operator's newest directives, sent by the migration: {root, revision, pause, retry}. " +
        'The highest revision counts.',
    },
  );
  setHandler(credentialsSignal, () => driver.take({ kind: 'renewed' }), {
    description: 'A worker has seen a file with a credential change: what is blocked is tried again at once.',
  });
  setHandler(slicesQuery, () => slicesAnswer(driver.state), {
    description: 'How many slices are complete, and which are running and waiting (their numbers in this partition).',
  });
  CancellationScope.current().cancelRequested.catch(() => driver.take({ kind: 'cancelled' }));

  driver.take({ kind: 'begun' });
  await CancellationScope.nonCancellable(() => condition(() => driver.end !== undefined));
  const { end, state } = driver;
  if (end === 'continued') {
    return continueAsNew<typeof partition>({ ...input, directives: state.directives, ...carriedOver(state) });
  }
  if (end === 'cancelled') throw new CancelledFailure('cancelled while its slices were running');
  if (typeof end === 'object') throw toWorkflowFailure(end);
  if (input.searchAttributes) upsertSearchAttributes(changingAttributes('completed', state.tally));
  return { tally: state.tally };
}
