import type { MigrationRecord } from '../domain/migration-record.js';
import type { Receipt } from '../domain/receipt.js';
import { allReceipts } from './all-receipts.js';
import type { CommandContext } from './context.js';
import type { FoundRound } from './find-round.js';

/** A failed unit, and the round in which it failed last. */
export interface FailedUnit {
  readonly record: MigrationRecord;
  readonly receipt: Receipt;
}

/** A list of failed units has at most this many: about 500 MB of memory. A migration with more has something else to be looked at. */
const failedUnitsMax = 1_000_000;

/**
 * Gives the units that have failed, over all rounds, lowest index first: for each unit the newest round with a receipt counts. Memory is for
 * the failed ones only.
 */
export async function failedUnits(context: CommandContext, found: FoundRound): Promise<readonly FailedUnit[]> {
  const failed = new Map<number, FailedUnit>();
  for await (const { record, receipts } of allReceipts(context, found)) {
    for (const receipt of receipts) {
      if (receipt.state !== 'failed') failed.delete(receipt.index);
      else if (failed.size < failedUnitsMax) failed.set(receipt.index, { record, receipt });
    }
  }
  return [...failed.values()].sort((a, b) => a.receipt.index - b.receipt.index);
}
