import { join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import type { ContainerPlace } from './claim-files.js';
import { FindingList } from './finding-list.js';
import { FindingSums } from './finding-sums.js';
import { matchClaims, OutOfOrder, type ListedItem } from './match-claims.js';
import { sortedListing } from './sorted-listing.js';
import type { SpoolItem, SpoolOptions } from './sorted-spool.js';

/** What the examination of a container needs. */
export interface ContainerJob {
  readonly place: ContainerPlace;
  /** Sorted claims; read once more if the listing turns out not to be sorted. */
  readonly claims: () => AsyncIterable<readonly SpoolItem[]>;
  /** Lists the container from its beginning. */
  readonly list: () => AsyncIterable<readonly ListedItem[]>;
  /** For temporary files, which begin with `name`. */
  readonly directory: string;
  readonly name: string;
  readonly options?: SpoolOptions;
}

/** What was found in a container, and the bytes of the list of its blobs that no unit claims, or that several do. */
export interface Examined {
  readonly sums: FindingSums['sums'];
  readonly list: AsyncIterable<Uint8Array> | undefined;
  readonly isMissing: boolean;
  /** Deletes the temporary files. */
  remove(): Promise<void>;
}

/**
 * Lists a container once and matches it with the claims. A listing that is not sorted by the bytes of its names, as
 * that of a hierarchical namespace, is begun again and sorted on disk first.
 */
export async function examineContainer(job: ContainerJob): Promise<Examined> {
  try {
    return await examine(job, job.list());
  } catch (error) {
    if (!(error instanceof OutOfOrder)) throw error;
    const { directory, name, options } = job;
    return await examine(job, sortedListing(job.list(), { directory, name: `${name}-listing`, ...options }));
  }
}

async function examine(
  { place, claims, directory, name }: ContainerJob,
  listing: AsyncIterable<readonly ListedItem[]>,
): Promise<Examined> {
  const list = new FindingList(join(directory, `${name}-list`));
  try {
    const sums = new FindingSums(place.container, (finding) => list.add(finding));
    await matchClaims(claims(), listing, sums);
    return { sums: sums.sums, list: await list.end(), isMissing: false, remove: () => list.remove() };
  } catch (error) {
    await list.remove();
    if (!(error instanceof Failure) || error.failureClass !== 'SourceMissing') throw error;
    const sums = new FindingSums(place.container, () => undefined);
    await matchClaims(claims(), nothing(), sums);
    return { sums: sums.sums, list: undefined, isMissing: true, remove: async () => {} };
  }
}

async function* nothing(): AsyncGenerator<readonly ListedItem[]> {}
