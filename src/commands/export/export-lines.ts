import type { RoundReader } from '../../control/ledger/all-receipts.js';
import { unitHistories } from '../../control/ledger/unit-histories.js';
import { readReceiptBlobs } from '../../control/receipt-blobs.js';
import type { FoundRound } from '../migration/find-round.js';
import type { CommandContext } from '../ports/context.js';
import type { ExportFormat } from './export-formats.js';
import { csvRecord } from '../screen/csv-line.js';
import { blobRow, type BlobRow, unitRow, type UnitRow } from './lineage-rows.js';

/** How many lines there are so far. */
export interface ExportCounts {
  units: number;
  blobs: number;
}

// Large enough that writing a piece to a store or a file is worth it.
const pieceLength = 64 * 1024;

/**
 * Yields the lineage of a migration as text: a line for each unit, followed by one for each of its blobs. Holds the
 * blobs of one unit. `counts` grows with what was yielded.
 */
export async function* exportLines(
  { stores, signal }: Pick<CommandContext, 'stores' | 'signal'>,
  found: FoundRound,
  { format, counts }: { readonly format: ExportFormat; readonly counts: ExportCounts },
): AsyncGenerator<string> {
  const { record } = found.staged;
  const { bucket } = record.definition.target;
  const readRound: RoundReader = (round, until) => stores.readReceipts(round.record, round.control, until);
  const line = format === 'csv' ? csvOf : (row: UnitRow | BlobRow) => `${JSON.stringify(row)}\n`;
  let text = format === 'csv' ? `${csvRecord(columns)}\n` : '';
  for await (const history of unitHistories({ ...found, record }, readRound, signal)) {
    const { receipt } = history.proof ?? history.newest;
    const blobs = (await readReceiptBlobs(found, receipt, signal)) ?? [];
    counts.units += 1;
    text += line(unitRow(history, blobs, bucket));
    for (const [at, blob] of blobs.entries()) {
      counts.blobs += 1;
      text += line(blobRow(history, { ...blob, position: at + 1 }, bucket));
      if (text.length >= pieceLength) {
        yield text;
        text = '';
      }
    }
    // There may be many units without blobs.
    if (text.length >= pieceLength) {
      yield text;
      text = '';
    }
  }
  yield text;
}

/** Both kinds of lines have the same columns; those of the other kind are empty. */
const columns = [
  ...['type', 'unit', 'index', 'state', 'round', 'at', 'class', 'message', 'object', 'objectRound', 'objectEtag'],
  ...['objectVersion', 'objectCrc32', 'objectBytes', 'rawBytes', 'rawSha256', 'manifest', 'blobs', 'skippedBlobs'],
  ...['notes', 'build', 'position', 'account', 'container', 'name', 'etag', 'bytes', 'md5', 'skipped'],
] as const satisfies readonly (keyof UnitRow | keyof BlobRow)[];

function csvOf(row: UnitRow | BlobRow): string {
  const cells: Partial<Record<(typeof columns)[number], string | number | null>> = row;
  return `${csvRecord(columns.map((column) => String(cells[column] ?? '')))}\n`;
}
