import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { exportLines } from '../../../src/commands/export/export-lines.js';
import type { FoundRound } from '../../../src/commands/migration/find-round.js';
import type { StorePorts } from '../../../src/commands/ports/store-ports.js';
import { gzipLines } from '../../../src/control/gzip-lines.js';
import { blobLabel, type SourceBlob } from '../../../src/domain/manifest.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';

const blob = (account: string, container: string, name: string, bytes: number): SourceBlob => ({
  ...{ account, container, name, etag: `"0x${String(bytes)}"`, bytes, md5: null },
});

const late = blob('west', 'late', '2019-08.json.bz2', 400);
const damaged = blob('east', 'events-2019', 'acme/2019-08/02.json.bz2', 1_300);

/** What the page describes: a skipped blob, a failed unit, and a blob in two objects. */
const orders: readonly Receipt[] = [
  moved(0, 'acme/2019-07', [
    blob('east', 'events-2019', 'acme/2019-07/01.json.bz2', 1_000),
    blob('east', 'events-2019', 'acme/2019-07/02.json.bz2', 1_200),
  ]),
  moved(1, 'acme/2019-08', [blob('east', 'events-2019', 'acme/2019-08/01.json.bz2', 1_100), damaged, late], [damaged]),
  failed(2, 'bolt/2019-07', [blob('east', 'events-2019', 'bolt/2019-07/01.json.bz2', 900)]),
  moved(3, 'bolt/2019-08', [blob('east', 'events-2019', 'bolt/2019-08/01.json.bz2', 700), late]),
  { ...moved(4, 'coil/2019-07', []), state: 'empty', blobs: 0, bytes: { source: 0, raw: 0, target: 0 } },
];

/** The same units moved again: one is repaired, one differs, and one is new. */
const again: readonly Receipt[] = [
  ...orders.filter(({ index }) => index < 2),
  moved(2, 'bolt/2019-07', [blob('east', 'events-2019', 'bolt/2019-07/01.json.bz2', 900)]),
  { ...moved(3, 'bolt/2019-08', [late]), raw: { sha256: 'd'.repeat(64), crc32: '0' } },
  ...orders.filter(({ state }) => state === 'empty').map(({ target, raw, ...receipt }) => receipt),
  moved(5, 'dale/2019-07', [blob('east', 'events-2019', 'dale/2019-07/01.json.bz2', 600)]),
];

/** Writes the files that the page reads: two exports, and a ledger. */
export async function writeSampleLineages(folder: string): Promise<void> {
  await writeExport(join(folder, 'orders.ndjson.gz'), orders.map(withoutProofIfEmpty));
  await writeExport(join(folder, 'orders-again.ndjson.gz'), again);
  const ledger = join(folder, 'ledger/r0000/ledger/p0000/s0000.ndjson.gz');
  mkdirSync(dirname(ledger), { recursive: true });
  const header = { type: 'header', format: 1, definition: 'd', firstUnit: 0, units: orders.length, staged: 's' };
  const claim = { type: 'claim', epoch: 1, token: 't', seq: 0, at: '2026-05-04T10:00:00.000Z' };
  const receipts = orders.map((receipt) => ({ type: 'receipt', ...withoutProofIfEmpty(receipt) }));
  // A ledger is a series of gzip members.
  writeFileSync(ledger, Buffer.concat([gzipLines([header, claim]), gzipLines(receipts)]));
}

function moved(index: number, id: string, blobs: readonly SourceBlob[], skipped: readonly SourceBlob[] = []): Receipt {
  const joined = blobs.filter((each) => !skipped.includes(each));
  const source = joined.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...smallReceipt(index, id),
    key: `orders/${id}.json.gz`,
    manifest: { digest: String(index).repeat(64), blobs },
    blobs: joined.length,
    bytes: { source, raw: source * 8, target: source - 100 },
    raw: { sha256: String(index).repeat(64), crc32: '0' },
    skipped: skipped.map((each) => ({ blob: blobLabel(each), class: 'CorruptInput/BlockCrc', message: 'a checksum' })),
    notes: ['no MD5 at the source for some blobs'],
    at: '2026-05-04T10:00:12.000Z',
  };
}

function failed(index: number, id: string, blobs: readonly SourceBlob[]): Receipt {
  const { target, raw, ...receipt } = moved(index, id, blobs);
  const message = 'east/events-2019/bolt/2019-07/01.json.bz2: a checksum does not match';
  const nothing = { blobs: 0, bytes: { source: 0, raw: 0, target: 0 }, notes: [] };
  return { ...receipt, ...nothing, state: 'failed', class: 'CorruptInput/BlockCrc', message };
}

function withoutProofIfEmpty(receipt: Receipt): Receipt {
  if (receipt.state !== 'empty') return receipt;
  const { target, raw, manifest, ...rest } = receipt;
  return { ...rest, notes: [] };
}

async function writeExport(path: string, receipts: readonly Receipt[]): Promise<void> {
  const readReceipts: StorePorts['readReceipts'] = async function* () {
    yield receipts;
  };
  const context = { stores: { readReceipts } as StorePorts, signal: new AbortController().signal };
  const staged = { record: { round: 0, definition: smallDefinition() } };
  const found = { control: new MemoryControlStore(), base: '.longhaul/orders', staged } as unknown as FoundRound;
  let text = '';
  const counts = { units: 0, blobs: 0 };
  for await (const lines of exportLines(context, found, { format: 'ndjson', counts })) text += lines;
  writeFileSync(path, gzipSync(text));
}
