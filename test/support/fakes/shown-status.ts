import type { MigrationRuns } from '../../../src/activities/migration-runs.js';
import { MigrationWatch } from '../../../src/activities/observe/migration-watch.js';
import type { PartitionView } from '../../../src/activities/observe/partition-view.js';
import { createStyle } from '../../../src/commands/screen/create-style.js';
import { renderStatus } from '../../../src/commands/status/render-status.js';
import { documentOfRoot } from '../../../src/commands/status/status-document.js';
import type { Failure } from '../../../src/domain/failure.js';
import type { SliceBeat, SliceResult } from '../../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../../src/domain/figures/tally.js';
import { partitionMemo } from '../../../src/workflows/partition/partition-memo.js';
import { initialPartition } from '../../../src/workflows/partition/partition-state.js';
import { stepPartition } from '../../../src/workflows/partition/step-partition.js';

/** The last that an attempt has beaten, returned, or failed of. */
export type LastOfAttempt =
  { readonly beat: SliceBeat } | { readonly result: SliceResult } | { readonly failure: Failure };

/**
 * Returns the lines in which `status` reports what is wrong with a migration of one slice, given the last heartbeat or
 * result of its attempt. It goes through the same code as in a real migration: partition, `observe`, document, text.
 * Only Temporal is left out.
 */
export async function shownStatus(last: LastOfAttempt, nowMs: number): Promise<readonly string[]> {
  const view = partitionAfter(last, nowMs);
  const root = { workflowId: 'migration/orders', runId: 'run' };
  const watch = new MigrationWatch(runsOf(view), root, { name: 'orders', round: 0, total: 2, partitions: 1 });
  const progress = await watch.look(nowMs);
  if (progress === undefined) throw new Error('the root is closed');
  const startedAt = new Date(nowMs).toISOString();
  const document = documentOfRoot(
    { name: 'orders', webUi: undefined, namespace: 'default' },
    {
      ...{ ...root, state: 'running', startedAt, endedAt: null, memo: null, before: null, control: null },
      ...{ progress, result: null, failure: null },
    },
  );
  const view80 = { style: createStyle(false), nowMs, invocation: 'longhaul', operand: 'orders' };
  const lines = renderStatus(document, view80).split('\n');
  return lines.map((line) => line.trim()).filter((line) => /^(blocked|waiting|failed)/.test(line));
}

function partitionAfter(last: LastOfAttempt, nowMs: number): PartitionView {
  if ('beat' in last) return runningPartition(last.beat);
  return 'result' in last ? endedPartition(last.result, nowMs) : failingPartition(last.failure);
}

/** A partition whose slice has failed four times, and waits for its next attempt. */
function failingPartition({ failureClass: type, message }: Failure): PartitionView {
  const slices = [{ label: 'p0000/s0000', attempt: 5, running: false, lastFailure: { type, message } }];
  return { closed: false, tally: emptyTally, blocked: [], waiting: [], slices };
}

function runningPartition(beat: SliceBeat): PartitionView {
  const slices = [{ label: beat.slice, attempt: 1, running: true, beat }];
  return { closed: false, tally: emptyTally, blocked: [], waiting: [], slices };
}

function endedPartition(result: SliceResult, nowMs: number): PartitionView {
  const directives = { revision: 0, pause: 'none', retry: 0 } as const;
  const start = initialPartition({ partition: 0, slices: 1, scheduledMax: 1, directives });
  const [running] = stepPartition(start, { kind: 'begun' }, nowMs);
  const [ended] = stepPartition(running, { kind: 'ended', slice: 0, result }, nowMs);
  const { tally, blocked, waiting = [] } = partitionMemo(ended);
  return { closed: false, tally, blocked, waiting, slices: [] };
}

function runsOf(view: PartitionView): MigrationRuns {
  return {
    openRoot: async () => ({ pause: 'none', partitions: ['partition'], pending: [] }),
    listPartitions: async () => [],
    describePartition: async () => view,
    listEarlierPartitions: async () => [],
    isOpen: async () => true,
    signalProgress: async () => {},
    tellPartition: async () => {},
    tellCredentials: async () => {},
    endObserve: async () => {},
  };
}
