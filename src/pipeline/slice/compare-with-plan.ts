import type { PlannedManifest } from '../../control/plan/planned-manifests.js';
import type { FailureClass } from '../../domain/failure-classes.js';
import type { Receipt } from '../../domain/receipt.js';

/** Returns a receipt that says whether the unit has the blobs that its plan had found, with a note if it has others. */
export function compareWithPlan(receipt: Receipt, planned: PlannedManifest | undefined): Receipt {
  if (planned === undefined) return receipt;
  const isSame = hasSameBlobs(receipt, planned);
  if (isSame === undefined) return receipt;
  if (isSame) return { ...receipt, sincePlan: 'same' };
  const found = `${String(planned.bytes)} bytes in ${String(planned.blobs)} ${planned.blobs === 1 ? 'blob' : 'blobs'}`;
  const note = `the source has changed since the plan, which found ${found}`;
  return { ...receipt, sincePlan: 'changed', notes: [...receipt.notes, note] };
}

// Failures by what was listed, before there is a manifest.
const listedWrong: ReadonlySet<FailureClass> = new Set(['Incomplete', 'LimitExceeded/UnitBlobs']);

/** Undefined if the blobs of the unit are not known. */
function hasSameBlobs({ manifest, class: failureClass }: Receipt, planned: PlannedManifest): boolean | undefined {
  if (manifest !== undefined) return manifest.digest === planned.digest;
  // What was ready then and is incomplete now has changed.
  return planned.isReady && failureClass !== undefined && listedWrong.has(failureClass) ? false : undefined;
}
