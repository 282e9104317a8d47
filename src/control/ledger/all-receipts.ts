import { controlKeys } from '../control-keys.js';
import type { MigrationRecord } from '../../domain/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { CommandContext } from '../../commands/ports/context.js';
import type { FoundRound } from '../../commands/migration/find-round.js';
import { readRoundRecord } from '../newest-round.js';

/** Gives the receipts of all rounds, one slice's after another's, those of older rounds first. */
export async function* allReceipts(
  { stores, signal }: Pick<CommandContext, 'stores' | 'signal'>,
  { control, base, staged }: Pick<FoundRound, 'control' | 'base' | 'staged'>,
): AsyncGenerator<{ readonly record: MigrationRecord; readonly receipts: readonly Receipt[] }> {
  const { record: newest } = staged;
  for (let round = 0; round <= newest.round; round += 1) {
    const key = controlKeys.migration(base, round);
    const record = round === newest.round ? newest : await readRoundRecord(control, key, signal);
    for await (const receipts of stores.readReceipts(record, control, signal)) yield { record, receipts };
  }
}
