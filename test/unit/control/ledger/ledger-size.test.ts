import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { boundedReceipt } from '../../../../src/control/ledger/bounded-receipt.js';
import { packLines, parseLedger } from '../../../../src/control/ledger/ledger-format.js';
import { openLedger } from '../../../../src/control/ledger/ledger-writer.js';
import { receiptBytesMax } from '../../../../src/control/size-limits.js';
import { storeManifest } from '../../../../src/control/stored-manifest.js';
import type { LedgerHeader } from '../../../../src/domain/stored/ledger-lines.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';

const never = new AbortController().signal;
const key = controlKeys.ledger('.longhaul/orders', 0, { partition: 0, slice: 0 });
const header: LedgerHeader = { type: 'header', format: 1, definition: 'd', firstUnit: 0, units: 8, staged: 's' };
const place = (store: MemoryControlStore) => ({ store, key, header, epoch: 1, signal: never });

describe('a ledger', () => {
  it('that many attempts have claimed is written without the claims that no longer count', async () => {
    const store = new MemoryControlStore();
    const claim = { type: 'claim', epoch: 1, token: 't', at: '2024' } as const;
    const claims = Array.from({ length: 300 }, (_, seq) => ({ ...claim, seq }));
    const lines = [header, ...claims, { type: 'receipt', ...smallReceipt(3) } as const];
    store.objects.set(key, Buffer.from(packLines(lines)));

    const { content, writer } = await openLedger(place(store));
    expect(content?.claims).toBe(300);
    expect(await writer.claim({ deaths: 1 })).toBe(true);
    await writer.append({ notes: {}, lines: [{ type: 'receipt', ...smallReceipt(4) }] });

    const after = parseLedger(store.objects.get(key)!, key);
    expect(after.claims).toBe(2);
    expect(after.header).toEqual(header);
    expect([...after.receipts.values()]).toEqual([smallReceipt(3), smallReceipt(4)]);
  });

  it('that has more receipts than units is damaged', () => {
    const receipts = [0, 1, 2].map((index) => ({ type: 'receipt', ...smallReceipt(index) }) as const);
    const claim = { type: 'claim', epoch: 1, token: 't', seq: 0, at: '2024' } as const;
    const bytes = packLines([{ ...header, units: 2 }, claim, ...receipts]);
    expect(() => parseLedger(bytes, key)).toThrow(expect.objectContaining({ failureClass: 'LedgerMismatch' }));
  });
});

describe('a ledger that says that its slice has more units than any', () => {
  it('is damaged, so that nobody holds their receipts', () => {
    const claim = { type: 'claim', epoch: 1, token: 't', seq: 0, at: '2024' } as const;
    const bytes = packLines([{ ...header, units: 1_001 }, claim]);
    expect(() => parseLedger(bytes, key)).toThrow(expect.objectContaining({ failureClass: 'LedgerMismatch' }));
  });
});

describe('a receipt', () => {
  it('with the longest names fits into a ledger of a thousand, and says what it omits', () => {
    const skipped = Array.from({ length: 100 }, (_, index) => ({
      blob: `east/events/${String(index)}${'語'.repeat(1_000)}`,
      ...{ class: 'CorruptInput', message: 'x'.repeat(300) },
    })) as Receipt['skipped'];
    const bounded = boundedReceipt({ ...smallReceipt(0), message: '語'.repeat(60_000), skipped, notes: ['n'] });
    expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThan(receiptBytesMax - 64 * 1024);
    expect(bounded.skipped).toEqual(skipped.slice(0, bounded.skipped.length));
    expect(bounded.skipped.length).toBeGreaterThan(0);
    expect(bounded.notes).toEqual(['n', `${String(100 - bounded.skipped.length)} more blobs were skipped`]);
  });

  it('of common size is left as it is', () => {
    const receipt = smallReceipt(0);
    expect(boundedReceipt(receipt)).toBe(receipt);
  });
});

describe('a manifest', () => {
  it.each([
    ['few blobs with short names', 3, 'a', true],
    ['more than 200 blobs', 201, 'a', false],
    ['few blobs with very long names', 100, 'a'.repeat(1_000), false],
  ])('of %s is inside the receipt: %i blobs', async (_what, count, name, isInside) => {
    const { resources, control, unit } = new MemoryMigration({ units: 1 });
    const blob = { account: 'east', container: 'events', etag: '"e"', bytes: 1, md5: null };
    const manifest = { digest: 'd', blobs: Array.from({ length: count }, () => ({ ...blob, name })) };
    const stored = await storeManifest(manifest, unit, resources, never);
    const ref = controlKeys.manifest('.longhaul/orders', 0, 0, 'd');
    expect(stored).toEqual(isInside ? manifest : { digest: 'd', ref });
    expect(control.objects.has(ref)).toBe(!isInside);
  });
});
