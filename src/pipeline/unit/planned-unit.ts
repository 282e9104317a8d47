import type { PlannedUnit } from '../../domain/receipt.js';
import type { FoundBlob } from '../discover/order-blobs.js';

/** Returns what a plan says about the blobs of a unit. */
export function plannedUnit(blobs: readonly FoundBlob[]): Omit<PlannedUnit, 'requests'> {
  const newestMs = blobs.reduce((newest, blob) => Math.max(newest, blob.lastModifiedMs), 0);
  const contents = new Set<string>();
  let repeated = 0;
  for (const { md5, bytes } of blobs) {
    // Empty blobs are all alike, which says nothing.
    if (md5 === null || bytes === 0) continue;
    const content = `${md5} ${String(bytes)}`;
    if (contents.has(content)) repeated += 1;
    contents.add(content);
  }
  return { ...(blobs.length > 0 && { newest: new Date(newestMs).toISOString() }), repeated };
}
