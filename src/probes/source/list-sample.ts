import { Failure, toFailure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { UnitsSample } from '../../domain/probe.js';
import type { RenderedLookup } from '../../domain/rendered-find.js';
import { tryAgain } from '../../flow/try-again.js';
import type { BlobSource, ListedBlob, PageStart } from '../../pipeline/source/blob-source.js';

/** A lookup of a unit of the sample. */
export interface SampleLookup {
  readonly unit: string;
  readonly lookup: RenderedLookup;
}

/** What some lookups of an account have found. */
export interface ListedSample extends UnitsSample {
  /** A blob to read: the first one that is not empty. */
  readonly blob: SourceBlob | undefined;
  /** Why lookups that are not optional found no container or blob, one text per unit. */
  readonly missing: readonly string[];
}

// Two pages show what there is. A pattern that matches nothing on them is rare enough to be looked at by hand.
const pagesMax = 2;

/** Asks the source what some lookups find on at most two pages each. Missing containers and blobs are not an error. */
export async function listSample(
  lookups: readonly SampleLookup[],
  source: BlobSource,
  signal: AbortSignal,
): Promise<ListedSample> {
  let [blobs, bytes] = [0, 0];
  let blob: SourceBlob | undefined;
  const missing: string[] = [];
  for (const { unit, lookup } of lookups) {
    const found = await listLookup(lookup, source, signal);
    if (found instanceof Failure) {
      if (!lookup.optional) missing.push(`unit ${unit}: ${found.message}`);
      continue;
    }
    const { account, container } = lookup;
    const full = found.find((each) => each.bytes > 0);
    if (full !== undefined) blob ??= { account, container, ...full };
    blobs += found.length;
    bytes += found.reduce((sum, each) => sum + each.bytes, 0);
  }
  return { lookups: lookups.length, blobs, bytes, blob, missing };
}

/** Returns the blobs of a lookup, or the failure that says what is missing. */
async function listLookup(
  { account, container, find }: RenderedLookup,
  source: BlobSource,
  signal: AbortSignal,
): Promise<readonly ListedBlob[] | Failure> {
  try {
    if (find.kind === 'blob') {
      const name = { account, container, name: find.name };
      const blob = await tryAgain(() => source.head(name, signal), signal);
      if (blob === 'directory') return [];
      return blob === undefined ? new Failure('SourceMissing', `${blobLabel(name)} is not there`) : [blob];
    }
    const blobs: ListedBlob[] = [];
    let from: PageStart | undefined = {};
    for (let pages = 0; from !== undefined && pages < pagesMax; pages += 1) {
      const start: PageStart = from;
      const place = { account, container, prefix: find.prefix };
      const page = await tryAgain(() => source.listPage(place, start, signal), signal);
      blobs.push(...page.blobs.filter(({ name }) => find.matches(name)));
      from = page.next;
    }
    return blobs;
  } catch (error) {
    const failure = toFailure(error);
    if (signal.aborted || failure.failureClass !== 'SourceMissing') throw error;
    return failure;
  }
}
