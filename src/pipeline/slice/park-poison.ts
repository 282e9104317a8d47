import { isPoison, parkedAfterDeaths } from '../../domain/careful-mode.js';
import { Failure } from '../../domain/failure.js';
import { sliceLabel } from '../../domain/ids.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { SliceLedger } from '../../control/ledger/slice-ledger.js';
import { failedReceipt } from '../unit/move-unit.js';
import type { SliceJob } from './slice-job.js';
import type { DeferredUnit } from './unit-queue.js';

/**
 * Parks a unit that was alone in three attempts that died, so that the slice continues without it. It fails with class
 * `Poison` if somebody saw these processes die. If not, they may only have been cut off: the unit then waits, and the
 * returned deferral says so, until a canary tries it again.
 */
export async function parkPoison(
  job: SliceJob,
  ledger: SliceLedger,
  units: readonly StagedUnit[],
): Promise<readonly DeferredUnit[]> {
  const { suspect } = ledger.care;
  if (suspect === undefined || !isPoison(suspect) || ledger.has(suspect.index)) return [];
  const unit = units.find(({ index }) => index === suspect.index);
  if (unit === undefined) return [];
  if (suspect.unseen === true) {
    const what = `slice ${sliceLabel(job.task)}`;
    return job.task.canary === true
      ? []
      : [{ unit, failure: new Failure('Poison', `${unit.id}: ${unseenDeaths}`, { what }) }];
  }
  ledger.add(await failedReceipt({ ...job, unit }, undefined, { failure: new Failure('Poison', seenDeaths) }));
  await ledger.nameSuspect(undefined);
  return [];
}

const seenDeaths =
  `the worker died ${String(parkedAfterDeaths)} times in a row while it moved this unit and nothing else, ` +
  'and no part of it had become durable; the unit is parked so that the others continue';

const unseenDeaths =
  `${String(parkedAfterDeaths)} attempts in a row ended without a word while the unit was moved alone, ` +
  'and nobody saw a worker die; the unit waits, and the others continue';
