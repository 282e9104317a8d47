import { controlKeys } from '../control-keys.js';
import { partitionSlices } from '../../domain/layout.js';
import { controlBase, type MigrationRecord } from '../../domain/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { ControlStore } from '../control-store.js';
import { readLedger } from './read-ledger.js';
import { settled, unwrap, type Settled } from '../../flow/settled.js';

// Each may hold a thousand receipts; more at once would only take memory.
const ledgersAhead = 8;

/** Reads the receipts of a round in the order of its slices, the ledgers of a few slices ahead. A slice without one has done nothing yet. */
export async function* readReceipts(
  record: MigrationRecord,
  control: ControlStore,
  signal: AbortSignal,
): AsyncGenerator<readonly Receipt[]> {
  const read = async (key: string): Promise<readonly Receipt[]> => {
    const ledger = await readLedger(control, key, record, signal);
    return [...(ledger?.receipts.values() ?? [])];
  };
  const ahead: Promise<Settled<readonly Receipt[]>>[] = [];
  for (const key of ledgerKeys(record)) {
    ahead.push(settled(read(key)));
    if (ahead.length >= ledgersAhead) yield await next();
  }
  while (ahead.length > 0) yield await next();

  async function next(): Promise<readonly Receipt[]> {
    const first = ahead.shift();
    return first === undefined ? [] : unwrap(await first);
  }
}

function* ledgerKeys({ definition, round, layout }: MigrationRecord): Generator<string, undefined> {
  const base = controlBase({ prefix: definition.target.control.prefix, name: definition.name });
  for (let partition = 0; partition < layout.partitions; partition += 1) {
    for (const slice of partitionSlices(layout, partition)) yield controlKeys.ledger(base, round, slice);
  }
}
