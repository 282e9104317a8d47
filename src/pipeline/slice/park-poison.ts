import { isPoison, parkedAfterDeaths } from '../../domain/careful-mode.js';
import type { StagedUnit } from '../../domain/unit.js';
import { makeReceipt } from '../unit/make-receipt.js';
import type { SliceLedger } from '../../control/ledger/slice-ledger.js';
import type { SliceJob } from './slice-job.js';

/** Gives a unit that was alone in three attempts that died a failed receipt of class `Poison`, so that the slice goes on without it. */
export async function parkPoison(run: SliceJob, ledger: SliceLedger, units: readonly StagedUnit[]): Promise<void> {
  const { suspect } = ledger.care;
  if (suspect === undefined || !isPoison(suspect) || ledger.has(suspect.index)) return;
  const unit = units.find(({ index }) => index === suspect.index);
  if (unit === undefined) return;
  const receipt = await makeReceipt({ ...run, unit }, undefined, { state: 'failed' });
  ledger.add({
    ...receipt,
    class: 'Poison',
    message:
      `the worker died ${String(parkedAfterDeaths)} times in a row while it moved this unit and nothing else, ` +
      'and no part of it had become durable; the unit is left out so that the others go on',
  });
  await ledger.nameSuspect(undefined);
}
