import type { LedgerSums } from '../../commands/ports/store-ports.js';
import type { MigrationRecord } from '../../domain/migration-record.js';
import { receiptTally, type Receipt } from '../../domain/receipt.js';
import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import type { ControlStore } from '../control-store.js';
import { readReceipts } from './read-receipts.js';

const failedMax = 10;

/** Reads the ledger of every slice of a round, a few at a time, and sums their receipts. A slice without one has done nothing yet. */
export async function sumLedgers(
  record: MigrationRecord,
  control: ControlStore,
  signal: AbortSignal,
): Promise<LedgerSums> {
  let tally: Tally = emptyTally;
  let firstFailed: readonly Receipt[] = [];
  for await (const receipts of readReceipts(record, control, signal)) {
    tally = receipts.map(receiptTally).reduce(addTallies, tally);
    const failed = receipts.filter(({ state }) => state === 'failed');
    firstFailed = [...firstFailed, ...failed].sort((a, b) => a.index - b.index).slice(0, failedMax);
  }
  return { tally, firstFailed };
}
