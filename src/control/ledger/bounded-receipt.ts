import type { Receipt, SkippedBlob } from '../../domain/receipt.js';
import { receiptBytesMax } from '../size-limits.js';

/**
 * Returns a receipt that fits into a ledger. One with very long names keeps the first of its skipped blobs and a note
 * of how many more there are; the findings beside the ledger name them all.
 */
export function boundedReceipt(receipt: Receipt): Receipt {
  if (bytesOf(receipt) <= receiptBytesMax) return receipt;
  const kept = firstFitting(receipt.skipped, skippedBytesMax);
  const more = receipt.skipped.length - kept.length;
  return {
    ...receipt,
    ...(receipt.message !== undefined && { message: receipt.message.slice(0, messageLengthMax) }),
    skipped: kept,
    notes: more === 0 ? receipt.notes : [...receipt.notes, `${String(more)} more blobs were skipped`],
  };
}

// With a manifest of 64 KiB and the notes they stay below the limit of a receipt.
const skippedBytesMax = 24 * 1024;
const messageLengthMax = 4_096;

function firstFitting(skipped: readonly SkippedBlob[], maxBytes: number): readonly SkippedBlob[] {
  let bytes = 0;
  const end = skipped.findIndex((blob) => (bytes += bytesOf(blob)) > maxBytes);
  return end === -1 ? skipped : skipped.slice(0, end);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
