import type { LedgerSums } from '../commands/store-ports.js';
import { controlKeys } from '../domain/control-keys.js';
import { partitionSlices } from '../domain/layout.js';
import { controlBase, type MigrationRecord } from '../domain/migration-record.js';
import { receiptTally, type Receipt } from '../domain/receipt.js';
import { addTallies, emptyTally, type Tally } from '../domain/tally.js';
import type { ControlStore } from '../pipeline/control-store.js';
import { parseLedger } from '../pipeline/ledger-format.js';

// Each may hold a thousand receipts; more at once would only take memory.
const ledgersInFlight = 8;
const failedMax = 10;

/** Reads the ledger of every slice of a round, a few at a time, and sums their receipts. A slice without one has done nothing yet. */
export async function sumLedgers(
  record: MigrationRecord,
  control: ControlStore,
  signal: AbortSignal,
): Promise<LedgerSums> {
  let tally: Tally = emptyTally;
  let firstFailed: readonly Receipt[] = [];
  const keys = ledgerKeys(record);
  const readOn = async (): Promise<void> => {
    for (const key of keys) {
      const object = await control.read(key, signal);
      if (object === undefined) continue;
      const receipts = [...parseLedger(object.bytes, key).receipts.values()];
      tally = receipts.map(receiptTally).reduce(addTallies, tally);
      const failed = receipts.filter(({ state }) => state === 'failed');
      firstFailed = [...firstFailed, ...failed].sort((a, b) => a.index - b.index).slice(0, failedMax);
    }
  };
  await Promise.all(Array.from({ length: ledgersInFlight }, readOn));
  return { tally, firstFailed };
}

function* ledgerKeys({ definition, round, layout }: MigrationRecord): Generator<string, undefined> {
  const base = controlBase({ prefix: definition.target.control.prefix, name: definition.name });
  for (let partition = 0; partition < layout.partitions; partition += 1) {
    for (const slice of partitionSlices(layout, partition)) yield controlKeys.ledger(base, round, slice);
  }
}
