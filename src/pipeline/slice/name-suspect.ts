import { durableParts } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';
import type { SliceLedger } from '../../control/ledger/slice-ledger.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { SliceJob } from './slice-job.js';

/**
 * Names the unit that is about to move in the ledger, with what was known about it; returns the receipts that were
 * flushed with it.
 */
export async function nameSuspect(
  { resources }: SliceJob,
  ledger: SliceLedger,
  { unit, alone }: { readonly unit: StagedUnit; readonly alone: boolean },
  signal: AbortSignal,
): Promise<readonly Receipt[]> {
  const { index } = unit;
  const { suspect } = ledger.care;
  const known = suspect?.index === index ? suspect : { index, deaths: 0 };
  const partsBefore = await durableParts(index, controlRound(resources), signal);
  return await ledger.nameSuspect({ ...known, partsBefore, ...(alone && { alone: true }) });
}
