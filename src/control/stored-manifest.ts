import { gzipSync } from 'node:zlib';
import { controlKeys } from './control-keys.js';
import type { Manifest } from '../domain/manifest.js';
import { inlineBlobsMax, type ReceiptManifest } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from '../pipeline/migration-resources.js';

/** Gives a manifest as its receipt holds it: inside, or stored beside the ledger where it has more than {@link inlineBlobsMax} blobs. */
export async function receiptManifest(
  manifest: Manifest,
  unit: StagedUnit,
  resources: Pick<MigrationResources, 'base' | 'control' | 'record'>,
  signal: AbortSignal,
): Promise<ReceiptManifest> {
  if (manifest.blobs.length <= inlineBlobsMax) return manifest;
  const ref = controlKeys.manifest(resources.base, resources.record.round, unit.index, manifest.digest);
  const lines = manifest.blobs.map((blob) => JSON.stringify(blob) + '\n').join('');
  await resources.control.overwrite(ref, gzipSync(lines), signal);
  return { digest: manifest.digest, ref };
}
