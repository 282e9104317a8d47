import { BatchCursor } from './batch-cursor.js';
import type { SpoolItem } from './sorted-spool.js';

/** A blob of a container, as it is matched with the claims. */
export interface ListedItem {
  /** `nameKey` of its name. */
  readonly key: string;
  readonly bytes: number;
  readonly lastModifiedMs: number;
}

/**
 * Called once for each blob of a container, in the order of the listing, and for claims without a blob. A promise that
 * it returns is awaited.
 */
export interface ClaimSink {
  /** `units` are the indexes of the units that claim it, in ascending order; usually one. */
  claimed(blob: ListedItem, units: readonly number[]): Promise<void> | undefined;
  unclaimed(blob: ListedItem): Promise<void> | undefined;
  /** A name that units claim is not there: the blob was deleted after the plan looked. */
  gone(key: string, units: readonly number[]): void;
}

/** A listing that is not in the order of the bytes of its names, as that of a hierarchical namespace. */
export class OutOfOrder extends Error {
  override readonly name = 'OutOfOrder';
}

/**
 * Matches the sorted claims of a container with its listing, in one pass. Rejects with {@link OutOfOrder} if the
 * listing is not sorted in the same way; what the sink received is then void.
 */
export async function matchClaims(
  claims: AsyncIterable<readonly SpoolItem[]>,
  listing: AsyncIterable<readonly ListedItem[]>,
  sink: ClaimSink,
): Promise<void> {
  const claim = new BatchCursor(claims);
  const listed = new BatchCursor(listing);
  try {
    await Promise.all([claim.fill(), listed.fill()]);
    let last: string | undefined;
    for (let blob = listed.current; blob !== undefined; blob = listed.current) {
      if (last !== undefined && blob.key < last) throw new OutOfOrder();
      // A blob that changes while the pages are asked for may be listed twice.
      if (blob.key !== last) await matchBlob(blob, claim, sink);
      last = blob.key;
      if (!listed.advance()) await listed.fill();
    }
    while (claim.current !== undefined) sink.gone(claim.current.key, await takeUnits(claim));
  } finally {
    await claim.close();
    await listed.close();
  }
}

async function matchBlob(blob: ListedItem, claim: BatchCursor<SpoolItem>, sink: ClaimSink): Promise<void> {
  while (claim.current !== undefined && claim.current.key < blob.key)
    sink.gone(claim.current.key, await takeUnits(claim));
  if (claim.current?.key === blob.key) await sink.claimed(blob, await takeUnits(claim));
  else await sink.unclaimed(blob);
}

/** Takes the claims of one name. A unit claims a name once. */
async function takeUnits(claim: BatchCursor<SpoolItem>): Promise<readonly number[]> {
  const units: number[] = [];
  const name = claim.current?.key;
  while (claim.current !== undefined && claim.current.key === name) {
    const unit = unitOf(claim.current.value);
    if (unit !== units.at(-1)) units.push(unit);
    if (!claim.advance()) await claim.fill();
  }
  return units;
}

// Of equal length, so that their order as texts is that of the numbers. There are at most 200 million units.
const unitDigits = 6;

/** Returns the value of a claim by a unit. */
export function unitValue(index: number): string {
  return index.toString(36).padStart(unitDigits, '0');
}

function unitOf(value: string): number {
  return Number.parseInt(value, 36);
}
