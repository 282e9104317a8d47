import type { PlannedManifest } from '../../control/planned-manifests.js';
import type { Receipt } from '../../domain/receipt.js';

/** Returns a receipt with a note if the unit has other blobs than its plan has found. */
export function compareWithPlan(receipt: Receipt, planned: PlannedManifest | undefined): Receipt {
  const { manifest, notes } = receipt;
  if (planned === undefined || manifest === undefined || manifest.digest === planned.digest) return receipt;
  const found = `${String(planned.bytes)} bytes in ${String(planned.blobs)} ${planned.blobs === 1 ? 'blob' : 'blobs'}`;
  return { ...receipt, notes: [...notes, `the source has changed since the plan, which found ${found}`] };
}
