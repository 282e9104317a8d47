import { listedBytes, type Manifest } from '../domain/manifest.js';
import type { Receipt } from '../domain/receipt.js';
import { receiptManifest } from './manifest-store.js';
import { encoderName } from './pack-segment.js';
import type { UnitMove } from './unit-move.js';

/** Makes the receipt of a unit's outcome; a large manifest is stored beside the ledger first. */
export async function makeReceipt(
  move: UnitMove,
  manifest: Manifest | undefined,
  outcome: Pick<Receipt, 'state' | 'raw' | 'target'> & { readonly rawBytes?: number; readonly targetBytes?: number },
): Promise<Receipt> {
  const { unit, resources, signal, buildInfo } = move;
  const { state, raw, target, rawBytes: rawLength = 0, targetBytes = 0 } = outcome;
  return {
    index: unit.index,
    id: unit.id,
    key: unit.key,
    state,
    ...(unit.earlier === undefined ? {} : { earlier: unit.earlier }),
    ...(manifest === undefined ? {} : { manifest: await receiptManifest(manifest, unit, resources, signal) }),
    blobs: manifest?.blobs.length ?? 0,
    bytes: { source: listedBytes(manifest?.blobs ?? []), raw: rawLength, target: targetBytes },
    ...(raw === undefined ? {} : { raw }),
    ...(target === undefined ? {} : { target }),
    skipped: [],
    notes: manifest?.blobs.some((blob) => blob.md5 === null) === true ? ['no MD5 at the source for some blobs'] : [],
    build: `${buildInfo}, ${encoderName(resources.record.definition.transform.level)}`,
    at: new Date().toISOString(),
  };
}
