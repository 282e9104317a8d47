import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { packLines } from '../../../../src/control/ledger/ledger-format.js';
import { readReceipts } from '../../../../src/control/ledger/read-receipts.js';
import { partitionSlices, planLayout } from '../../../../src/domain/layout.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';

const never = new AbortController().signal;

/** The ledgers of a round of 160 units, each with one receipt; those of `large` slices inflate to 9 MiB. */
function roundOf(large: (slice: number) => boolean) {
  const control = new MemoryControlStore();
  const { record: small, base } = new MemoryMigration({ units: 1 }).resources;
  const record = { ...small, layout: planLayout(160) };
  const slices = Array.from({ length: record.layout.partitions }, (_, partition) =>
    partitionSlices(record.layout, partition),
  ).flat();
  for (const [number, slice] of slices.entries()) {
    const { firstUnit, units } = slice;
    const header = { type: 'header', format: 1, definition: record.definitionDigest, staged: 's' } as const;
    const claim = { type: 'claim', epoch: 1, token: 't', seq: 0, at: '2024' } as const;
    const padding = { process: 'x'.repeat(1_000_000) };
    const claims = large(number) ? Array.from({ length: 9 }, () => ({ ...claim, ...padding })) : [claim];
    const receipt = { type: 'receipt', ...smallReceipt(firstUnit) } as const;
    const bytes = packLines([{ ...header, firstUnit, units }, ...claims, receipt]);
    control.objects.set(controlKeys.ledger(base, record.round, slice), Buffer.from(bytes));
  }
  return { place: { control, base, record }, control, slices };
}

async function indexesOf({ place, control }: ReturnType<typeof roundOf>) {
  const indexes: number[] = [];
  const ahead: number[] = [];
  for await (const receipts of readReceipts(place, never)) {
    indexes.push(...receipts.map(({ index }) => index));
    ahead.push(control.requests.count('read'));
  }
  return { indexes, ahead };
}

describe('the receipts of a round', () => {
  it('are read in order, eight ledgers at once', async () => {
    const round = roundOf(() => false);
    const { indexes, ahead } = await indexesOf(round);
    expect(indexes).toEqual(round.slices.map(({ firstUnit }) => firstUnit));
    expect(ahead[0]).toBe(8);
  });

  it('are read a ledger at a time as soon as one is larger than may be held ahead', async () => {
    const round = roundOf((slice) => slice >= 1);
    const { indexes, ahead } = await indexesOf(round);
    expect(indexes).toEqual(round.slices.map(({ firstUnit }) => firstUnit));
    // Those that were read ahead and found too large are read once more, each when its turn comes.
    const growth = ahead.map((count, at) => count - (ahead[at - 1] ?? 0));
    expect(growth.slice(-8)).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it('are damaged when a ledger is, at whatever size', async () => {
    const round = roundOf(() => false);
    round.control.objects.set(controlKeys.ledger(round.place.base, 0, round.slices[3]!), Buffer.from('no ledger'));
    await expect(indexesOf(round)).rejects.toMatchObject({ failureClass: 'LedgerMismatch' });
  });
});
