import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { FindRenderer, RenderedLookup } from '../../domain/rendered-find.js';
import type { StagedUnit } from '../../domain/unit.js';
import { settled, unwrap } from '../../flow/settled.js';
import { tryAgain } from '../../flow/try-again.js';
import type { BlobSource, ListedBlob } from '../source/blob-source.js';
import { listPages } from '../source/list-pages.js';
import type { Sharing } from './sharing/shared-listings.js';
import { orderBlobs, type FoundBlob } from './order-blobs.js';

/** What finding a unit's blobs needs from a migration. */
export interface Finding {
  readonly definition: Pick<Definition, 'order' | 'limits'>;
  readonly find: FindRenderer;
  readonly source: BlobSource;
  /** Listings that the unit shares with others; by default it lists by itself. */
  readonly sharing?: Sharing | undefined;
}

/**
 * Finds a unit's blobs by all its lookups and puts them in order; there may be none. A blob that two lookups find
 * counts once, for the first. Fails with `SourceMissing` if a lookup that is not optional names what is not there, with
 * `LimitExceeded/UnitBlobs`, or with a class of the source.
 */
export async function findBlobs(
  unit: StagedUnit,
  { definition, find, source, sharing }: Finding,
  signal: AbortSignal,
): Promise<readonly FoundBlob[]> {
  const { unitBlobs } = definition.limits;
  const found = new Map<string, FoundBlob>();
  const shared = await sharing?.listings.begin(unit);
  const lookups = shared?.lookups ?? find.lookups(unit);
  const waiter = { signal, told: sharing?.told ?? (() => undefined) };
  const search = async (lookup: RenderedLookup): Promise<readonly ListedBlob[]> =>
    (await shared?.take(lookup, waiter)) ?? (await askSource(lookup, source, unitBlobs, signal));
  // A few listings of one unit run at a time; the order of the blobs does not depend on that.
  for (let start = 0; start < lookups.length; start += lookupsAtOnce) {
    const group = lookups.slice(start, start + lookupsAtOnce);
    const outcomes = await Promise.all(group.map((lookup) => settled(runLookup(lookup, search, unitBlobs))));
    // If several fail, the first of them is reported, so that a unit fails for the same reason at each try.
    for (const blob of outcomes.flatMap(unwrap)) {
      const name = JSON.stringify([blob.account, blob.container, blob.name]);
      if (!found.has(name)) found.set(name, blob);
    }
    checkUnitBlobs(found.size, unitBlobs);
  }
  return orderBlobs([...found.values()], definition.order);
}

const lookupsAtOnce = 8;

async function runLookup(
  lookup: RenderedLookup,
  search: (lookup: RenderedLookup) => Promise<readonly ListedBlob[]>,
  unitBlobsMax: number,
): Promise<readonly FoundBlob[]> {
  try {
    const blobs = await search(lookup);
    checkUnitBlobs(blobs.length, unitBlobsMax);
    return blobs.map((blob) => ({ ...blob, ...placeOf(lookup) }));
  } catch (error) {
    if (lookup.optional && error instanceof Failure && error.failureClass === 'SourceMissing') return [];
    throw error;
  }
}

async function askSource(
  { account, container, find }: RenderedLookup,
  source: BlobSource,
  unitBlobsMax: number,
  signal: AbortSignal,
): Promise<readonly ListedBlob[]> {
  if (find.kind === 'blob') {
    const blob = await tryAgain(() => source.head({ account, container, name: find.name }, signal), signal);
    if (blob === 'directory') return [];
    if (blob !== undefined) return [blob];
    const label = `${account}/${container}/${find.name}`;
    throw new Failure('SourceMissing', `${label} is not there`, { blob: label });
  }
  const matching: ListedBlob[] = [];
  for await (const { blobs } of listPages(source, { account, container, prefix: find.prefix }, signal)) {
    for (const blob of blobs) if (find.matches(blob.name)) matching.push(blob);
    checkUnitBlobs(matching.length, unitBlobsMax);
  }
  return matching;
}

function placeOf(lookup: RenderedLookup): Pick<FoundBlob, 'account' | 'container' | 'lookup' | 'combination'> {
  const { account, container, lookup: position, combination } = lookup;
  return { account, container, lookup: position, combination };
}

function checkUnitBlobs(count: number, max: number): void {
  if (count <= max) return;
  throw new Failure('LimitExceeded/UnitBlobs', `the unit has more than ${String(max)} blobs`);
}
