import { toFailure } from '../../domain/failure.js';
import { partitionSlices, type Slice } from '../../domain/layout.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import { settled, unwrap, type Settled } from '../../flow/settled.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readLedger } from './read-ledger.js';

// Most ledgers are far smaller. A larger one is read when its turn comes, with no other ledger held.
const aheadBytesMax = 8 * 1024 * 1024;
const ledgersAhead = 8;

/**
 * Yields the receipts of a round in the order of its slices. A slice without any has done nothing yet. Up to 8 ledgers
 * are read ahead, as long as each inflates to at most 8 MiB: a reader holds one ledger, or that much.
 */
export async function* readReceipts(place: StagedPrefix, signal: AbortSignal): AsyncGenerator<readonly Receipt[]> {
  // Where conditions are ignored, a slice has a ledger for each attempt.
  let atOnce = place.record.definition.target.conditionalWrites === 'degraded' ? 1 : ledgersAhead;
  const ahead: { readonly slice: Slice; readonly reading: Promise<Settled<readonly Receipt[]>> }[] = [];
  for (const slice of slicesOf(place.record)) {
    if (atOnce === 1) {
      while (ahead.length > 0) yield await next();
      yield await receiptsOf(place, slice, signal);
      continue;
    }
    ahead.push({ slice, reading: settled(receiptsOf(place, slice, signal, aheadBytesMax)) });
    if (ahead.length >= atOnce) yield await next();
  }
  while (ahead.length > 0) yield await next();

  async function next(): Promise<readonly Receipt[]> {
    const first = ahead.shift();
    if (first === undefined) return [];
    const result = await first.reading;
    if (!('error' in result) || toFailure(result.error).failureClass !== 'LedgerMismatch') return unwrap(result);
    // Too large, or damaged: then reading it alone says so. Others of this round are probably as large.
    atOnce = 1;
    await Promise.all(ahead.map(({ reading }) => reading));
    return await receiptsOf(place, first.slice, signal);
  }
}

async function receiptsOf(
  place: StagedPrefix,
  slice: Slice,
  signal: AbortSignal,
  maxBytes?: number,
): Promise<readonly Receipt[]> {
  const ledger = await readLedger(place, slice, signal, maxBytes);
  return [...(ledger?.receipts.values() ?? [])];
}

function* slicesOf({ layout }: Pick<MigrationRecord, 'layout'>): Generator<Slice, undefined> {
  for (let partition = 0; partition < layout.partitions; partition += 1) yield* partitionSlices(layout, partition);
}
