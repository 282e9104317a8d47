import { blobLabel, listedBytes, type Manifest } from '../../domain/manifest.js';
import type { Receipt } from '../../domain/receipt.js';
import type { ReceiptFindings } from '../../control/stored-findings.js';
import { storeManifest } from '../../control/stored-manifest.js';
import { encoderName } from '../pack/pack-segment.js';
import type { UnitJob } from './unit-job.js';

/**
 * Returns the receipt of a unit's outcome, after storing a large manifest beside the ledger. Skipped blobs count
 * neither as blobs nor as bytes.
 */
export async function makeReceipt(
  job: Pick<UnitJob, 'unit' | 'resources' | 'buildInfo' | 'signal'>,
  manifest: Manifest | undefined,
  outcome: Pick<Receipt, 'state' | 'raw' | 'target' | 'compared'> & {
    readonly rawBytes?: number;
    readonly targetBytes?: number;
    readonly findings?: ReceiptFindings;
  },
): Promise<Receipt> {
  const { unit, resources, signal, buildInfo } = job;
  const { state, raw, target, compared, rawBytes: rawLength = 0, targetBytes = 0, findings } = outcome;
  const skipped = findings?.skipped ?? [];
  const left = new Set(skipped.map(({ blob }) => blob));
  const blobs = (manifest?.blobs ?? []).filter((blob) => left.size === 0 || !left.has(blobLabel(blob)));
  return {
    index: unit.index,
    id: unit.id,
    key: unit.key,
    state,
    ...(unit.earlier === undefined ? {} : { earlier: unit.earlier }),
    ...(manifest === undefined ? {} : { manifest: await storeManifest(manifest, unit, resources, signal) }),
    blobs: blobs.length,
    bytes: { source: listedBytes(blobs), raw: rawLength, target: targetBytes },
    ...(raw === undefined ? {} : { raw }),
    ...(target === undefined ? {} : { target }),
    ...(compared === undefined ? {} : { compared }),
    skipped,
    notes: [
      ...(blobs.some(({ md5 }) => md5 === null) ? ['no MD5 at the source for some blobs'] : []),
      ...(findings?.notes ?? []),
    ],
    build: `${buildInfo}, ${encoderName(resources.record.definition.transform)}`,
    at: new Date().toISOString(),
  };
}
