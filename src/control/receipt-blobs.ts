import type { FailureClass } from '../domain/failure-classes.js';
import { blobLabel, type SourceBlob } from '../domain/manifest.js';
import type { Receipt, SkippedBlob } from '../domain/receipt.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix } from './control-prefix.js';
import { damaged } from './damage.js';
import { readFindings } from './stored-findings.js';
import { readManifestBlobs } from './stored-manifest.js';

/** A source blob of a unit; `skipped` says why its bytes are not in the object. */
export type ReceiptBlob = SourceBlob & { readonly skipped: FailureClass | null };

/**
 * Returns the blobs of a receipt, in the order in which they were joined; undefined if the unit failed before they were
 * known. Fails with `LedgerMismatch` if it is not recorded which of them are in the object.
 */
export async function readReceiptBlobs(
  place: ControlPrefix,
  receipt: Receipt,
  signal: AbortSignal,
): Promise<readonly ReceiptBlob[] | undefined> {
  if (receipt.manifest === undefined) return undefined;
  const blobs = await readManifestBlobs(place, receipt.manifest, signal);
  const skipped = await readSkipped(place, receipt, blobs.length, signal);
  const classes = new Map(skipped.map((each) => [each.blob, each.class]));
  return blobs.map((blob) => ({ ...blob, skipped: classes.get(blobLabel(blob)) ?? null }));
}

/** A receipt with long names holds only the first of the skipped blobs; the findings beside the ledger have all. */
async function readSkipped(
  place: ControlPrefix,
  { index, target, raw, blobs, skipped }: Receipt,
  listed: number,
  signal: AbortSignal,
): Promise<readonly SkippedBlob[]> {
  if (target === undefined || listed - blobs === skipped.length) return skipped;
  const sha256 = raw?.sha256 ?? '';
  const every = { onCorrupt: 'skip-blob', trailingGarbage: 'fail', decompress: 'bzip2' } as const;
  const found = await readFindings({ unit: { index }, sha256 }, every, place, signal);
  if (listed - blobs === found.skipped.length) return found.skipped;
  throw damaged(
    controlKeys.findings(place.base, index, sha256),
    'it does not name the blobs that the receipt counts as skipped',
  );
}
