import { controlKeys } from '../../control/control-keys.js';
import { toFailure } from '../../domain/failure.js';
import { sliceLabel } from '../../domain/ids.js';
import { controlFormat } from '../../domain/migration-record.js';
import { blockedResult, type SliceResult } from '../../domain/slice-report.js';
import { emptyTally } from '../../domain/tally.js';
import type { StagedUnit } from '../../domain/unit.js';
import { parkPoison } from './park-poison.js';
import { SliceAttempt } from './slice-attempt.js';
import { SliceLedger } from '../../control/ledger/slice-ledger.js';
import type { SliceJob } from './slice-job.js';
import { readStagedSlice } from '../../control/staged-slice.js';
import { durableParts } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';

/**
 * Moves the units of a slice that have no receipt yet. Gives `complete` once the ledger's footer is written, `blocked` when only deferred
 * units are left, `partial` after half an hour, a drain or an abort: receipts are flushed before it returns. Throws a `Failure` where the attempt itself must end:
 * fenced, superseded, no byte for ten minutes, or a ledger that cannot be written.
 */
export async function moveSlice(run: SliceJob): Promise<SliceResult> {
  try {
    const { ledger, units } = await claimLedger(run);
    if (ledger.complete) return { state: 'complete', tally: ledger.tally };
    await parkPoison(run, ledger, units);
    return await new SliceAttempt(run, ledger, units).run();
  } catch (error) {
    // Before the claim there is nothing to flush; an attempt that has claimed deals with its abort itself.
    if (run.signal.aborted) return { state: 'partial', tally: emptyTally };
    const failure = toFailure(error);
    if (failure.row.blocks !== true) throw failure;
    return blockedResult(failure, {
      tally: emptyTally,
      deferred: run.task.units,
      what: `slice ${sliceLabel(run.task)}`,
    });
  }
}

async function claimLedger(
  run: SliceJob,
): Promise<{ readonly ledger: SliceLedger; readonly units: readonly StagedUnit[] }> {
  const { task, resources, signal } = run;
  const staged = await readStagedSlice(resources, task, signal);
  const ledger = await SliceLedger.claim({
    store: resources.control,
    key: controlKeys.ledger(resources.base, task.round, task),
    header: {
      type: 'header',
      format: controlFormat,
      definition: resources.record.definitionDigest,
      firstUnit: task.firstUnit,
      units: task.units,
      staged: staged.digest,
    },
    epoch: task.epoch,
    degraded: resources.record.definition.target.conditionalWrites === 'degraded',
    durableParts: (unitIndex) => durableParts(unitIndex, controlRound(resources), signal),
    signal,
  });
  return { ledger, units: staged.units };
}
