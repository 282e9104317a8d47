import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../src/control/control-keys.js';
import { packLines } from '../../../src/control/ledger/ledger-format.js';
import { readLedger } from '../../../src/control/ledger/read-ledger.js';
import { readStagedSlice, writeStagedSlice } from '../../../src/control/staged-slice.js';
import { readRecord, recordJson } from '../../../src/control/stored-record.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import type { Slice } from '../../../src/domain/layout.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { MemoryMigration } from '../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';

const never = new AbortController().signal;
const base = '.longhaul/orders';
const first: Slice = { partition: 0, slice: 0, firstUnit: 0, units: 2 };
const second: Slice = { partition: 0, slice: 1, firstUnit: 2, units: 2 };
const record: MigrationRecord = new MemoryMigration({ units: 4 }).resources.record;
const damage = { failureClass: 'LedgerMismatch' };

describe('a record in the place of another of its kind', () => {
  it.each([
    ['of another round', { round: 1 }],
    ['of another migration', { name: 'invoices' }],
  ])('is not accepted as the migration.json: %s', async (_which, changes) => {
    const control = new MemoryControlStore();
    control.objects.set(controlKeys.migration(base, 0), Buffer.from(recordJson.bytes({ ...record, ...changes })));
    await expect(readRecord({ control, base, round: 0 }, never)).rejects.toMatchObject(damage);
  });

  it.each([0, 1])('is not accepted as the staged slice, in round %i', async (round) => {
    const control = new MemoryControlStore();
    const place = { control, base, round, unitsDigest: 'u' };
    const line = (position: number): string =>
      `${JSON.stringify({
        // Units of later rounds keep their index.
        ...(round === 0 ? { index: position } : { index: 7 - position, position }),
        ...{ id: `u${String(position)}`, key: `k${String(position)}`, fields: {} },
      })}\n`;
    for (const slice of [first, second])
      await writeStagedSlice(
        place,
        { slice, lines: Buffer.from([slice.firstUnit, slice.firstUnit + 1].map(line).join('')) },
        never,
      );
    const prefix = { control, base, record: { ...record, round, unitsDigest: 'u' } };
    expect((await readStagedSlice(prefix, second, never)).units.map(({ id }) => id)).toEqual(['u2', 'u3']);

    const [a, b] = [first, second].map((slice) => controlKeys.stagedSlice(base, round, 'u', slice));
    control.objects.set(b!, control.objects.get(a!)!);
    await expect(readStagedSlice(prefix, second, never)).rejects.toMatchObject(damage);
  });

  it.each([
    ['another slice', { firstUnit: 2 }],
    ['another definition', { definition: 'other' }],
  ])('is not accepted as the ledger: that of %s', async (_which, changes) => {
    const control = new MemoryControlStore();
    const header = { type: 'header', format: 1, definition: record.definitionDigest, ...first, staged: 's' } as const;
    const claim = { type: 'claim', epoch: 1, token: 't', seq: 0, at: '2024' } as const;
    const bytes = packLines([{ ...header, ...changes }, claim, { type: 'receipt', ...smallReceipt(0) }]);
    control.objects.set(controlKeys.ledger(base, 0, first), Buffer.from(bytes));
    await expect(readLedger({ control, base, record }, first, never)).rejects.toMatchObject(damage);
  });
});

describe('a staged slice', () => {
  it('that is empty is reported as empty, not as a defect', async () => {
    const control = new MemoryControlStore();
    control.objects.set(controlKeys.stagedSlice(base, 0, record.unitsDigest, first), Buffer.alloc(0));
    await expect(readStagedSlice({ control, base, record }, first, never)).rejects.toMatchObject({
      ...damage,
      message: expect.stringContaining('it is empty') as string,
    });
  });

  it('is not staged if no worker would read it', async () => {
    const place = { control: new MemoryControlStore(), base, round: 0, unitsDigest: 'u' };
    const lines = Buffer.alloc(34 * 1024 * 1024);
    await expect(writeStagedSlice(place, { slice: second, lines }, never)).rejects.toMatchObject({
      failureClass: 'ConfigError',
      message: expect.stringContaining('units 2 to 3') as string,
    });
    expect(place.control.objects.size).toBe(0);
  });
});
