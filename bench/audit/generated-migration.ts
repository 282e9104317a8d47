import { gzipLines } from '../../src/control/gzip-lines.js';
import { packLines } from '../../src/control/ledger/ledger-format.js';
import { controlKeys } from '../../src/control/control-keys.js';
import type { ControlPrefix } from '../../src/control/control-prefix.js';
import { writeRecord } from '../../src/control/stored-record.js';
import { closeRound } from '../../src/control/summary.js';
import type { Definition } from '../../src/domain/definition.js';
import { partitionSlices, planLayout } from '../../src/domain/layout.js';
import type { SourceBlob } from '../../src/domain/manifest.js';
import { receiptTally, type Receipt } from '../../src/domain/receipt.js';
import { controlFormat, type MigrationRecord } from '../../src/domain/stored/migration-record.js';
import { addTallies, emptyTally } from '../../src/domain/figures/tally.js';

// Of a hundred units one has failed and one is empty.
const every = 100;

/** Returns the receipt of a unit of two blobs, as a round leaves it. */
export function generatedReceipt(index: number): Receipt {
  const id = idOf(index);
  const hex = index.toString(16).padStart(16, '0');
  const told = { index, id, key: keyOf(id), skipped: [], build: 'longhaul 0.1.0, zlib 1.3.1 level 6' };
  const at = new Date(startedMs + index * 8).toISOString();
  const nothing = { blobs: 0, bytes: { source: 0, raw: 0, target: 0 }, notes: [] };
  if (index % every === 1) return { ...told, ...nothing, state: 'empty', at };
  const blobs = [1, 2].map((part) => blobOf(index, part));
  const manifest = { digest: hex.repeat(4), blobs };
  if (index % every === 2) {
    const message = `east/${blobs[0]?.container ?? ''}/${blobs[0]?.name ?? ''}: a checksum does not match`;
    return { ...told, ...nothing, manifest, state: 'failed', class: 'CorruptInput/BlockCrc', message, at };
  }
  const source = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...{ ...told, state: 'done', manifest, blobs: 2, notes: [], at },
    bytes: { source, raw: source * 8, target: source - 100 },
    raw: { sha256: hex.repeat(4), crc32: hex.slice(-8) },
    target: { etag: `"${hex.repeat(2)}"`, checksum: Buffer.from(hex.slice(-8), 'hex').toString('base64'), parts: 1 },
    took: { ms: 200 + (index % 977) },
  };
}

/** Returns the number of a unit from the key of its object. */
export function indexOfKey(key: string): number {
  return Number(/(\d{9})\.json\.gz$/.exec(key)?.[1] ?? Number.NaN);
}

/** The key of the object of a unit. A higher number is a later key. */
export function keyOf(id: string): string {
  return `orders/${id}.json.gz`;
}

export function idOf(index: number): string {
  const digits = String(index).padStart(9, '0');
  return `tenant-${digits.slice(0, 5)}/${digits}`;
}

function blobOf(index: number, part: number): SourceBlob {
  const digits = String(index).padStart(9, '0');
  const name = `tenant-${digits.slice(0, 5)}/2019/07/${digits}/part-000${String(part)}.json.bz2`;
  const bytes = 9_000 + ((index * 7 + part) % 2_000);
  return { account: 'east', container: 'events-2019', name, etag: `"0x8D${digits}${String(part)}"`, bytes, md5: null };
}

const startedMs = Date.UTC(2026, 0, 2);

/** Writes a round that has ended, with the staged units and the ledger of each slice, and returns its record. */
export async function writeGeneratedRound(
  place: ControlPrefix,
  { units, definition }: { readonly units: number; readonly definition: Definition },
  signal: AbortSignal,
): Promise<MigrationRecord> {
  const layout = planLayout(units);
  const record: MigrationRecord = {
    ...{ format: controlFormat, name: definition.name, id: 'generated', round: 0, definition, layout },
    ...{ definitionDigest: 'd'.repeat(64), unitsDigest: 'u'.repeat(64) },
    ...{ version: '0.1.0', stagedAt: new Date(startedMs).toISOString() },
  };
  let total = emptyTally;
  for (let partition = 0; partition < layout.partitions; partition += 1)
    for (const slice of partitionSlices(layout, partition)) {
      const receipts = Array.from({ length: slice.units }, (_, at) => generatedReceipt(slice.firstUnit + at));
      const tally = receipts.map(receiptTally).reduce(addTallies, emptyTally);
      const { firstUnit } = slice;
      const header = { definition: record.definitionDigest, firstUnit, units: slice.units, staged: 's' };
      const claim = { epoch: 1, token: 't', seq: 0, at: record.stagedAt };
      const bytes = packLines([
        { type: 'header', format: controlFormat, ...header },
        { type: 'claim', ...claim },
        ...receipts.map((receipt) => ({ type: 'receipt', ...receipt }) as const),
        { type: 'footer', tally },
      ]);
      const staged = gzipLines(receipts.map(({ index, id, key }) => ({ index, id, key, fields: {} })));
      await place.control.overwrite(controlKeys.stagedSlice(place.base, 0, record.unitsDigest, slice), staged, signal);
      await place.control.overwrite(controlKeys.ledger(place.base, 0, slice), bytes, signal);
      total = addTallies(total, tally);
    }
  await writeRecord(place, { record, replaces: undefined }, signal);
  const endedAt = new Date(startedMs + units * 8).toISOString();
  await closeRound(
    place,
    {
      ...{ format: controlFormat, name: record.name, round: 0, total: units, tally: total },
      ...{ phase: 'completed-with-failures', startedAt: record.stagedAt, endedAt },
    },
    signal,
  );
  return record;
}
