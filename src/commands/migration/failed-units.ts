import type { MigrationRecord } from '../../domain/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import { allReceipts } from '../../control/ledger/all-receipts.js';
import type { CommandContext } from '../ports/context.js';
import type { FoundRound } from './find-round.js';
import { formatCount } from '../screen/format.js';
import type { Printer } from '../screen/printer.js';

/** A failed unit, and the round in which it failed last. */
export interface FailedUnit {
  readonly record: MigrationRecord;
  readonly receipt: Receipt;
}

/** At most so many: about 500 MB of memory. A migration with more has something else to be looked at. */
const failedUnitsMax = 1_000_000;

/**
 * Gives the units that have failed, over all rounds, lowest index first: for each unit the newest round with a receipt counts. Memory is for
 * the failed ones only; what goes beyond `max` is left out, and that is said.
 */
export async function failedUnits(
  context: CommandContext,
  found: FoundRound,
  { printer, max = failedUnitsMax }: { readonly printer: Pick<Printer, 'note'>; readonly max?: number },
): Promise<readonly FailedUnit[]> {
  const failed = new Map<number, FailedUnit>();
  let leftOut = false;
  for await (const { record, receipts } of allReceipts(context, found)) {
    for (const receipt of receipts) {
      if (receipt.state !== 'failed') failed.delete(receipt.index);
      else if (failed.size < max || failed.has(receipt.index)) failed.set(receipt.index, { record, receipt });
      else leftOut = true;
    }
  }
  if (leftOut) {
    printer.note(
      `More than ${formatCount(max)} units have failed: the others are left out here. Look for what these have in common, ` +
        'retry them, and ask again.',
    );
  }
  return [...failed.values()].sort((a, b) => a.receipt.index - b.receipt.index);
}
