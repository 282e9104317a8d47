import type { RoundReader } from '../../control/ledger/all-receipts.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import type { Printer } from '../screen/printer.js';
import type { FoundRound } from './find-round.js';

/** A failed unit, and the round in which it last failed. */
export interface FailedUnit {
  readonly record: MigrationRecord;
  readonly receipt: Receipt;
}

/** This many take about 500 MB of memory. If more units have failed, a list of them is no help. */
const failedUnitsMax = 1_000_000;

/**
 * Returns the units that have failed, over all rounds, lowest index first. For each unit the newest round with a
 * receipt counts. Memory grows with the failed units only; those beyond `max` are skipped, and a note says so.
 */
export async function failedUnits(
  context: CommandContext,
  found: FoundRound,
  {
    printer,
    max = failedUnitsMax,
    seen,
  }: {
    readonly printer: Pick<Printer, 'warn'>;
    readonly max?: number;
    /** Called with each receipt, those of older rounds first. */
    readonly seen?: (each: FailedUnit) => void;
  },
): Promise<readonly FailedUnit[]> {
  const failed = new Map<number, FailedUnit>();
  let isCut = false;
  const newest = { ...found, record: found.staged.record };
  const readRound: RoundReader = ({ record, control }, signal) => context.stores.readReceipts(record, control, signal);
  const { allReceipts } = await import('../../control/ledger/all-receipts.js');
  for await (const { record, receipts } of allReceipts(newest, readRound, context.signal)) {
    for (const receipt of receipts) {
      seen?.({ record, receipt });
      if (receipt.state !== 'failed') failed.delete(receipt.index);
      else if (failed.size < max || failed.has(receipt.index)) failed.set(receipt.index, { record, receipt });
      else isCut = true;
    }
  }
  if (isCut) {
    printer.warn(
      `More than ${formatCount(max)} units have failed; only that many are shown. Find out what they have in common, ` +
        'retry them, and ask again.',
    );
  }
  return [...failed.values()].sort((a, b) => a.receipt.index - b.receipt.index);
}
