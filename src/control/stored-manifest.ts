import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import type { Manifest, SourceBlob } from '../domain/manifest.js';
import { inlineBlobsMax, type ReceiptManifest } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix, StagedPrefix } from './control-prefix.js';
import { damaged } from './damage.js';
import { gzipLines, inflateLines, parseLines } from './gzip-lines.js';
import { sizeLimits } from './size-limits.js';
import { overwriteObject, readObject } from './stored-object.js';

// Below this a ledger of 1,000 receipts stays within its limit, however long the names of the blobs are.
const inlineBytesMax = 64 * 1024;

/**
 * Returns a manifest as its receipt holds it: as it is, or, if it has more than {@link inlineBlobsMax} blobs or long
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

/**
 * Returns the blobs of a manifest that a receipt holds, or that is stored beside its ledger. Fails with
 * `LedgerMismatch` where the stored one is missing or damaged.
 */
export async function readManifestBlobs(
  { control }: Pick<ControlPrefix, 'control'>,
  manifest: ReceiptManifest,
  signal: AbortSignal,
): Promise<readonly SourceBlob[]> {
  if ('blobs' in manifest) return manifest.blobs;
  const { ref } = manifest;
  const object = await readObject(control, { key: ref, maxBytes: sizeLimits.manifest }, signal);
  if (object === undefined) throw new Failure('LedgerMismatch', `${ref} in the control bucket is missing`);
  const blobs: SourceBlob[] = [];
  for (const line of parseLines(inflateLines(object.bytes, ref, sizeLimits.manifest), ref)) {
    const { success, error } = blobSchema.safeParse(line);
    if (!success) throw damaged(ref, 'it does not hold the blobs of a unit', error);
    blobs.push(line as unknown as SourceBlob);
  }
  return blobs;
}

const blobSchema = z.looseObject({
  account: z.string(),
  container: z.string(),
  name: z.string(),
  etag: z.string(),
  bytes: z.number(),
  md5: z.string().nullable(),
});
