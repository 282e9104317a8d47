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
import { slicesQuery, type PartitionInput, type PartitionResult } from '../messages.js';
import { directivesSignal } from '../operator-messages.js';
import { changingAttributes } from '../search-attributes.js';
import { toWorkflowFailure } from '../to-migration-failure.js';
import { PartitionDriver } from './partition-driver.js';
import { slicesAnswer } from './partition-memo.js';
import { carriedOver, initialPartition } from './partition-state.js';

/**
 * Runs the slices of one partition. `stepPartition` decides, {@link PartitionDriver} carries out. It never talks to the
 * migration that started it, which tells it the operator's directives. Continues as new, between slices, when its
 * history gets long. Ends as cancelled after its slices have handed back, and as failed with the class of a failure
 * that is final.
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
      // A root that was terminated may have left a message on its way.
      if (root === parent?.runId) driver.take({ kind: 'told', directives });
    },
    {
      description:
        "The operator's newest directives: {root, revision, pause, retry}. Sent by the migration; the highest revision holds.",
    },
  );
  setHandler(slicesQuery, () => slicesAnswer(driver.state), {
    description: 'Which slices are complete (a number), running and waiting (their numbers in this partition).',
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
