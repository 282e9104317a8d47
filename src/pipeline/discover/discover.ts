import { createHash } from 'node:crypto';
import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { manifestText, type Manifest, type SourceBlob } from '../../domain/manifest.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { BlobSource, ListedBlob } from '../source/blob-source.js';
import { checkCompleteness } from './completeness.js';
import type { FindRenderer, RenderedLookup } from '../../domain/rendered-find.js';
import { orderBlobs, type FoundBlob } from './order-blobs.js';
import { sequenceNote } from './sequence-note.js';
import { tryAgain } from '../../flow/try-again.js';

/** What discovery needs of a migration. */
export interface Discovery {
  readonly definition: Pick<Definition, 'order' | 'transform' | 'limits'>;
  readonly find: FindRenderer;
  readonly source: BlobSource;
  /** Takes what the operator should know although the unit is complete. */
  readonly note?: (text: string) => void;
}

/**
 * Finds a unit's blobs by all its lookups, puts them in order, checks `expect` and freezes them as a manifest (which
 * may have no blobs). A blob that two lookups find counts once, for the first. Fails with `SourceMissing` if a lookup
 * that is not optional names what is not there, with `Incomplete`, `LimitExceeded/UnitBlobs`, or a class of the source.
 */
export async function discover(unit: StagedUnit, discovery: Discovery, signal: AbortSignal): Promise<Manifest> {
  const { definition, find, source } = discovery;
  const found = new Map<string, FoundBlob>();
  const lookups = find.lookups(unit);
  // A few listings of one unit run at a time; the order of the blobs does not depend on that.
  for (let start = 0; start < lookups.length; start += lookupsAtOnce) {
    const group = lookups.slice(start, start + lookupsAtOnce);
    const results = await Promise.all(
      group.map((lookup) => runLookup(lookup, source, definition.limits.unitBlobs, signal)),
    );
    for (const blob of results.flat()) {
      const name = JSON.stringify([blob.account, blob.container, blob.name]);
      if (!found.has(name)) found.set(name, blob);
    }
    checkUnitBlobs(found.size, definition.limits.unitBlobs);
  }
  const blobs = orderBlobs([...found.values()], definition.order).map(toSourceBlob);
  const expect = find.expect(unit);
  checkCompleteness(blobs, expect);
  const note = sequenceNote(blobs, expect);
  if (note !== undefined) discovery.note?.(note);
  return freezeManifest(blobs, definition.transform);
}

/** Makes a manifest of ordered blobs. Its digest covers them and the fields of the transform that change bytes. */
function freezeManifest(blobs: readonly SourceBlob[], transform: Definition['transform']): Manifest {
  return { digest: createHash('sha256').update(manifestText(blobs, transform)).digest('hex'), blobs };
}

const lookupsAtOnce = 8;

async function runLookup(
  lookup: RenderedLookup,
  source: BlobSource,
  unitBlobsMax: number,
  signal: AbortSignal,
): Promise<readonly FoundBlob[]> {
  try {
    // A listing that breaks is repeated as a whole, so that no page is lost or taken twice.
    const blobs = await tryAgain(() => askSource(lookup, source, unitBlobsMax, signal), signal);
    return blobs.map((blob) => ({ ...blob, ...placeOf(lookup) }));
  } catch (error) {
    if (lookup.optional && error instanceof Failure && error.failureClass === 'SourceMissing') return [];
    throw error;
  }
}

async function askSource(
  lookup: RenderedLookup,
  source: BlobSource,
  unitBlobsMax: number,
  signal: AbortSignal,
): Promise<readonly ListedBlob[]> {
  const { account, container, find } = lookup;
  if (find.kind === 'blob') {
    const blob = await source.head({ account, container, name: find.name }, signal);
    if (blob === 'directory') return [];
    if (blob !== undefined) return [blob];
    const label = `${account}/${container}/${find.name}`;
    throw new Failure('SourceMissing', `${label} is not there`, { blob: label });
  }
  const blobs: ListedBlob[] = [];
  for await (const blob of source.list({ account, container, prefix: find.prefix }, signal)) {
    if (!find.matches(blob.name)) continue;
    blobs.push(blob);
    checkUnitBlobs(blobs.length, unitBlobsMax);
  }
  return blobs;
}

function placeOf(lookup: RenderedLookup): Pick<FoundBlob, 'account' | 'container' | 'lookup' | 'combination'> {
  const { account, container, lookup: position, combination } = lookup;
  return { account, container, lookup: position, combination };
}

function checkUnitBlobs(count: number, max: number): void {
  if (count <= max) return;
  throw new Failure('LimitExceeded/UnitBlobs', `the unit has more than ${String(max)} blobs`);
}

function toSourceBlob({ account, container, name, etag, bytes, md5 }: FoundBlob): SourceBlob {
  return { account, container, name, etag, bytes, md5 };
}
