import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../../src/commands/ports/context.js';
import { failedUnits } from '../../../../src/commands/migration/failed-units.js';
import type { FoundRound } from '../../../../src/commands/migration/find-round.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';

describe('the failed units of a migration', () => {
  const receipts: readonly Receipt[] = [4, 1, 3, 2].map((index) => ({ ...smallReceipt(index), state: 'failed' }));
  const found = { staged: { record: { round: 0 } } } as FoundRound;
  const context = {
    signal: new AbortController().signal,
    stores: {
      async *readReceipts() {
        yield receipts;
      },
    },
  } as unknown as CommandContext;

  it.each([
    [4, [1, 2, 3, 4], []],
    [2, [1, 4], [expect.stringContaining('More than 2 units have failed')]],
  ])('are listed up to %i, with the number of those not listed', async (max, indexes, said) => {
    const notes: string[] = [];
    const printer = { warn: (text: string) => void notes.push(text) };
    const units = await failedUnits(context, found, { printer, max });
    expect(units.map(({ receipt }) => receipt.index)).toEqual(indexes);
    expect(notes).toEqual(said);
  });
});
