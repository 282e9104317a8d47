import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { planLayout } from '../../../src/domain/layout.js';
import type { FindRenderer } from '../../../src/domain/rendered-find.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { findBlobs } from '../../../src/pipeline/discover/find-blobs.js';
import type { FoundBlob } from '../../../src/pipeline/discover/order-blobs.js';
import { ListingHabits } from '../../../src/pipeline/discover/sharing/listing-habits.js';
import { SharedListings } from '../../../src/pipeline/discover/sharing/shared-listings.js';
import type { BlobSource } from '../../../src/pipeline/source/blob-source.js';
import { RequestCounter } from '../../../src/pipeline/unit/request-counter.js';
import { smallDefinition } from '../fakes/memory-migration.js';

const unitsInFlight = 16;

/** What finding the blobs of all units has taken. */
export interface FoundInSlices {
  /** List requests if each unit lists by itself. */
  readonly alone: number;
  /** List requests if the units of a slice share listings. */
  readonly shared: number;
  readonly blobs: number;
}

/**
 * Finds the blobs of all units: first each by itself, then slice by slice in shared listings, as a worker process does.
 * Rejects if any unit gets other blobs in a shared listing.
 */
export async function findInSlices(
  units: readonly StagedUnit[],
  find: FindRenderer,
  source: BlobSource,
): Promise<FoundInSlices> {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const counter = new RequestCounter(source);
  const finding = { definition: smallDefinition(), find, source: counter.source };
  const found: string[] = [];
  let blobs = 0;
  for (const unit of units) {
    const listed = await findBlobs(unit, finding, signal);
    found[unit.index] = digest(listed);
    blobs += listed.length;
  }
  const alone = counter.take().lists;

  const habits = new ListingHabits();
  const { unitsPerSlice } = planLayout(units.length);
  for (let first = 0; first < units.length; first += unitsPerSlice) {
    const waiting = units.slice(first, first + unitsPerSlice);
    const listings = new SharedListings({ find, source: counter.source, habits }, [...waiting]);
    const lane = async (): Promise<void> => {
      for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
        const sharing = { listings, told: () => undefined };
        const listed = await findBlobs(unit, { ...finding, sharing }, signal);
        if (digest(listed) !== found[unit.index]) throw new Error(`${unit.id} gets other blobs in a shared listing`);
      }
    };
    await Promise.all(Array.from({ length: unitsInFlight }, lane));
  }
  return { alone, shared: counter.take().lists, blobs };
}

function digest(blobs: readonly FoundBlob[]): string {
  return createHash('sha256').update(JSON.stringify(blobs)).digest('hex');
}
