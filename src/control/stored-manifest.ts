import type { Manifest } from '../domain/manifest.js';
import { inlineBlobsMax, type ReceiptManifest } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import { controlKeys } from './control-keys.js';
import type { StagedPrefix } from './control-prefix.js';
import { gzipLines } from './gzip-lines.js';
import { overwriteObject } from './stored-object.js';

// Below this a ledger of 1,000 receipts stays within its limit, however long the names of the blobs are.
const inlineBytesMax = 64 * 1024;

/**
 * Returns a manifest as its receipt holds it: as it is, or where it has more than {@link inlineBlobsMax} blobs or long
 * names, stored beside the ledger and named by its key.
 */
export async function storeManifest(
  manifest: Manifest,
  unit: Pick<StagedUnit, 'index'>,
  { control, base, record }: StagedPrefix,
  signal: AbortSignal,
): Promise<ReceiptManifest> {
  const { digest, blobs } = manifest;
  if (blobs.length <= inlineBlobsMax && Buffer.byteLength(JSON.stringify(blobs)) <= inlineBytesMax) return manifest;
  const ref = controlKeys.manifest(base, record.round, unit.index, digest);
  await overwriteObject(control, { key: ref, bytes: gzipLines(blobs) }, signal);
  return { digest, ref };
}
