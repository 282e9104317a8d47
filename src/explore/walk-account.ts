import { Failure } from '../domain/failure.js';
import { tryAgain } from '../flow/try-again.js';
import type { BlobPlace, ListedBlob, PageStart } from '../pipeline/source/blob-source.js';
import type { ExploreRequest } from './explore-request.js';
import type { ExploredSource } from './explored-source.js';
import { sampleFolders } from './sample-folders.js';
import { type WalkLimits, walkLimits } from './walk-limits.js';
import type { ContainerPosition, WalkPosition } from './walk-position.js';

/** A step of a walk: what one list request found. */
export interface WalkStep {
  readonly container: string;
  readonly blobs: readonly ListedBlob[];
  /** Where the walk continues. */
  readonly position: WalkPosition;
  /** Set if the container is not listed completely. */
  readonly sample?: { readonly folders: number; readonly ofFolders: number };
}

/**
 * Lists the blobs of an account, container after container, with one list request at a time. The steps after a position
 * are the same as if the walk had not been interrupted there, as long as nothing changes in the account. A container
 * that has more blobs than the limits allow is sampled, unless all of it is asked for.
 */
export async function* walkAccount(
  source: ExploredSource,
  request: ExploreRequest,
  walk: { readonly position: WalkPosition; readonly signal: AbortSignal; readonly limits?: WalkLimits },
): AsyncGenerator<WalkStep> {
  const { position, limits = walkLimits } = walk;
  const resumed = position.container;
  for await (const name of containersOf(source, request, walk.signal)) {
    if (resumed !== undefined && name < resumed.name) continue;
    const start = name === resumed?.name ? resumed : { name, pages: 0, from: {}, lastName: '' };
    try {
      yield* walkContainer(source, request, { start, limits, signal: walk.signal });
    } catch (error) {
      // Among all containers of an account, one may be deleted after it was named.
      const isGone = error instanceof Failure && error.failureClass === 'SourceMissing';
      if (request.container !== undefined || !isGone) throw error;
    }
  }
}

async function* containersOf(
  source: ExploredSource,
  { account, container }: ExploreRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (container !== undefined) {
    yield container;
    return;
  }
  let from: PageStart | undefined = {};
  while (from !== undefined) {
    const start: PageStart = from;
    const page = await tryAgain(() => source.listContainers(account.name, start, signal), signal);
    yield* page.names;
    from = page.next;
  }
}

interface ContainerWalk {
  readonly start: ContainerPosition;
  readonly limits: WalkLimits;
  readonly signal: AbortSignal;
}

async function* walkContainer(
  source: ExploredSource,
  request: ExploreRequest,
  { start, limits, signal }: ContainerWalk,
): AsyncGenerator<WalkStep> {
  const place = { account: request.account.name, container: start.name, prefix: request.prefix };
  let next: ContainerPosition | undefined = start;
  while (next !== undefined) {
    const at: ContainerPosition = next;
    const pagesMax = at.sample === undefined ? limits.pagesMax : limits.samplePages;
    if (at.from !== undefined && (at.pages < pagesMax || (request.whole && at.sample === undefined))) {
      const step = await listStep(source, at, { place, from: at.from, signal });
      next = step.next;
      yield { container: at.name, blobs: step.blobs, position: { container: step.next }, ...told(step.next) };
      continue;
    }
    next = await nextOf(source, at, { place, limits, signal });
    // What comes next is part of the position, so that a sample is chosen once.
    if (next !== undefined) yield { container: next.name, blobs: [], position: { container: next }, ...told(next) };
  }
}

async function listStep(
  source: Pick<ExploredSource, 'listPage'>,
  at: ContainerPosition,
  { place, from, signal }: { readonly place: BlobPlace; readonly from: PageStart; readonly signal: AbortSignal },
): Promise<{ readonly next: ContainerPosition; readonly blobs: readonly ListedBlob[] }> {
  const { sample, lastName } = at;
  const below = { ...place, prefix: sample?.folders[sample.at] ?? place.prefix };
  const page = await tryAgain(() => source.listPage(below, from, signal), signal);
  const listed = { ...at, pages: at.pages + 1, from: page.next };
  if (sample === undefined)
    return { next: { ...listed, lastName: page.blobs.at(-1)?.name ?? lastName }, blobs: page.blobs };
  // What was listed from the first name on counts once.
  return { next: listed, blobs: page.blobs.filter(({ name }) => isAfter(name, lastName)) };
}

const told = ({ sample }: ContainerPosition): Pick<WalkStep, 'sample'> =>
  sample === undefined ? {} : { sample: { folders: sample.folders.length, ofFolders: sample.ofFolders } };

/** What to list after a part of a container has been; undefined at its end. */
async function nextOf(
  source: ExploredSource,
  at: ContainerPosition,
  {
    place,
    limits,
    signal,
  }: {
    readonly place: BlobPlace;
    readonly limits: WalkLimits;
    readonly signal: AbortSignal;
  },
): Promise<ContainerPosition | undefined> {
  if (at.sample !== undefined) {
    const next = at.sample.at + 1;
    return next < at.sample.folders.length
      ? { ...at, pages: 0, from: {}, sample: { ...at.sample, at: next } }
      : undefined;
  }
  if (at.from === undefined) return undefined;
  const { folders, ofFolders } = await sampleFolders(source, place, limits.sampleFolders, signal);
  const first: PageStart | undefined = folders.length > 0 ? {} : undefined;
  return { ...at, pages: 0, from: first, sample: { folders, ofFolders, at: 0 } };
}

/** Listings are in the order of the names' bytes. */
function isAfter(name: string, lastName: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(lastName)) > 0;
}
