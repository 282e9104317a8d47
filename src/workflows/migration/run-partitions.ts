import { CancellationScope, CancelledFailure, condition } from '@temporalio/workflow';
import type { PrepareResult } from '../../activities/activity-messages.js';
import type { Tally } from '../../domain/figures/tally.js';
import type { MigrationInput } from '../messages.js';
import { toWorkflowFailure } from '../to-migration-failure.js';
import type { OperatorDesk } from './operator-desk.js';
import { RootDriver } from './root-driver.js';
import type { RootView } from './root-view.js';

/**
 * Runs all partitions of a round and returns the sum of their tallies. If one fails, the others are cancelled, and the
 * promise rejects with the first failure once all have closed. After a cancel it also rejects once all have closed.
 */
export async function runPartitions({
  input,
  prepared,
  desk,
  view,
}: {
  readonly input: MigrationInput;
  readonly prepared: PrepareResult;
  readonly desk: OperatorDesk;
  readonly view: Pick<RootView, 'failed'>;
}): Promise<Tally> {
  const driver = new RootDriver(input, prepared, desk.forPartitions, {
    completed: (tally) => desk.judge(tally),
    failed: (failure) => view.failed(failure),
  });
  desk.listen(() => driver.take({ kind: 'directives', directives: desk.forPartitions }));
  CancellationScope.current().cancelRequested.catch(() => driver.take({ kind: 'cancelled' }));

  driver.take({ kind: 'begun' });
  await CancellationScope.nonCancellable(() => condition(() => driver.end !== undefined));
  const { end, state } = driver;
  if (end === 'cancelled') throw new CancelledFailure('cancelled while its partitions were running');
  if (typeof end === 'object') throw toWorkflowFailure(end);
  return state.tally;
}
