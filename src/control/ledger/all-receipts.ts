import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readStagedRecord } from '../stored-record.js';

/** Reads the receipts of one round, slice by slice. */
export type RoundReader = (round: StagedPrefix, signal: AbortSignal) => AsyncIterable<readonly Receipt[]>;

/**
 * Yields the receipts of all rounds up to that of the record, slice by slice, those of older rounds first. For a plan
 * or a verification it reads only that round, because each round looks at all units.
 */
export async function* allReceipts(
  newest: StagedPrefix,
  readReceipts: RoundReader,
  signal: AbortSignal,
): AsyncGenerator<{ readonly record: MigrationRecord; readonly receipts: readonly Receipt[] }> {
  const { plan, verify, round: last } = newest.record;
  const first = plan === undefined && verify === undefined ? 0 : last;
  for (let round = first; round <= newest.record.round; round += 1) {
    const isNewest = round === newest.record.round;
    const record = isNewest ? newest.record : await readStagedRecord({ ...newest, round }, signal);
    for await (const receipts of readReceipts({ ...newest, record }, signal)) yield { record, receipts };
  }
}
