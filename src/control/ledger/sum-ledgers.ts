import { receiptTally, type Receipt } from '../../domain/receipt.js';
import { addTallies, emptyTally, type Tally } from '../../domain/figures/tally.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readReceipts } from './read-receipts.js';

/** What the ledgers of a round say together. */
export interface LedgerSums {
  readonly tally: Tally;
  /** Receipts of failed units, lowest index first, at most {@link failedMax}. */
  readonly firstFailed: readonly Receipt[];
}

const failedMax = 10;

/**
 * Reads the ledger of every slice of a round, a few at a time, and sums their receipts. A slice without one has done
 * nothing yet.
 */
export async function sumLedgers(place: StagedPrefix, signal: AbortSignal): Promise<LedgerSums> {
  let tally: Tally = emptyTally;
  let firstFailed: readonly Receipt[] = [];
  for await (const receipts of readReceipts(place, signal)) {
    tally = receipts.map(receiptTally).reduce(addTallies, tally);
    const failed = receipts.filter(({ state }) => state === 'failed');
    firstFailed = [...firstFailed, ...failed].sort((a, b) => a.index - b.index).slice(0, failedMax);
  }
  return { tally, firstFailed };
}
