import { partitionSlices, type Slice } from '../../domain/layout.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import { settled, unwrap, type Settled } from '../../flow/settled.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readLedger } from './read-ledger.js';

// Each may hold a thousand receipts; more at once would only take memory.
const ledgersAhead = 8;

/**
 * Reads the receipts of a round in the order of its slices, a few ledgers ahead. A slice without one has done nothing
 * yet.
 */
export async function* readReceipts(place: StagedPrefix, signal: AbortSignal): AsyncGenerator<readonly Receipt[]> {
  const read = async (slice: Slice): Promise<readonly Receipt[]> => {
    const ledger = await readLedger(place, slice, signal);
    return [...(ledger?.receipts.values() ?? [])];
  };
  const ahead: Promise<Settled<readonly Receipt[]>>[] = [];
  for (const slice of slicesOf(place.record)) {
    ahead.push(settled(read(slice)));
    if (ahead.length >= ledgersAhead) yield await next();
  }
  while (ahead.length > 0) yield await next();

  async function next(): Promise<readonly Receipt[]> {
    const first = ahead.shift();
    return first === undefined ? [] : unwrap(await first);
  }
}

function* slicesOf({ layout }: Pick<MigrationRecord, 'layout'>): Generator<Slice, undefined> {
  for (let partition = 0; partition < layout.partitions; partition += 1) yield* partitionSlices(layout, partition);
}
