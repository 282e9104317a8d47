import { toFailure, type Failure } from '../../../domain/failure.js';
import type { ByteBudget } from '../../../flow/byte-budget.js';
import { settled } from '../../../flow/settled.js';
import { SharedWork, type Waiter } from '../../../flow/shared-work.js';
import type { BlobSource, ListedBlob } from '../../source/blob-source.js';
import { listPages } from '../../source/list-pages.js';
import { watchedListing, type SourceAnswer } from '../../source/watched-source.js';
import { branches, commonPrefix } from './common-prefix.js';
import { ListingCollector } from './listing-collector.js';
import type { ListingHabits } from './listing-habits.js';
import { heldBytes, isOpen, type WantedLookup } from './wanted-lookup.js';

const togetherMin = 2;
// Each failed try wastes a request: no more than one for this many prefixes.
const prefixesForTry = 4;
// The units wait for these tries, and each may bring a page of 5,000 blobs that nobody wants.
const triesMax = 8;
// A page of 5,000 blobs must bring four prefixes or more. What has more blobs has far more reads than list requests.
const blobsForPrefix = 1_250;
// A page that brings fewer saves no request, however short it is.
const prefixesOnPageMin = 2;

/** A unit that waits for a listing, and is told how its requests end. */
export type ListingWaiter = Waiter<SourceAnswer>;

/** What listings of one container need. */
export interface ContainerPlace {
  readonly source: Pick<BlobSource, 'listPage'>;
  readonly account: string;
  readonly container: string;
  /** Bounds the blobs that wait for their units. */
  readonly held: ByteBudget;
  readonly habits: ListingHabits;
  /** Called with lookups that are given up because what was found for them did not fit. */
  readonly givenUp: (lookups: readonly WantedLookup[]) => void;
}

/**
 * The shared listings of one container for the lookups of some units, in the order of the units. Different prefixes are
 * listed together, by what they have in common, as long as that takes fewer requests: the first page that brings too
 * few of them ends the try. Lookups below a prefix that one of them has are listed once with that prefix.
 */
export class ContainerListings {
  readonly #roots: ReadonlyMap<string, readonly WantedLookup[]>;
  readonly #rootOf: ReadonlyMap<WantedLookup, string>;
  readonly #together: SharedWork<SourceAnswer>;
  readonly #alone = new Map<string, SharedWork<SourceAnswer>>();
  #tried = false;
  #missing: Failure | undefined;

  constructor(
    readonly place: ContainerPlace,
    lookups: readonly WantedLookup[],
  ) {
    this.#roots = rootsOf(lookups);
    this.#rootOf = new Map([...this.#roots].flatMap(([root, below]) => below.map((lookup) => [lookup, root] as const)));
    this.#together = new SharedWork((waiter) => this.#tryTogether(waiter));
  }

  /**
   * Returns what a shared listing has found for a lookup, or undefined if it has to be listed by itself. Fails with
   * `SourceMissing` if the container is not there, and with the failure of a listing that the lookup needs anyway.
   */
  async take(lookup: WantedLookup, waiter: ListingWaiter): Promise<readonly ListedBlob[] | undefined> {
    if (lookup.settled) return undefined;
    if (isOpen(lookup) && !this.#tried && this.#missing === undefined) await this.#together.join(waiter);
    if (isOpen(lookup) && this.#missing === undefined) await this.#listRoot(lookup, waiter);
    const { found } = lookup;
    lookup.settled = true;
    if (found === undefined && this.#missing !== undefined) throw this.#missing;
    lookup.found = undefined;
    for (const blob of found ?? []) this.place.held.release(heldBytes(blob));
    return found;
  }

  /**
   * Lists together the prefixes for which that pays. A failure ends the tries: each lookup then finds out for itself.
   */
  async #tryTogether(waiter: ListingWaiter): Promise<void> {
    const { habits, account, container } = this.place;
    const key = `${account}/${container}`;
    const prefixes = [...this.#roots].filter(([, below]) => below.some(isOpen)).map(([root]) => root);
    if (prefixes.length >= togetherMin && habits.mayTry(key)) {
      const triesLeft = Math.min(triesMax, Math.max(1, Math.floor(prefixes.length / prefixesForTry)));
      const tries = { triesLeft, paid: false };
      const outcome = await settled(this.#listTogether(prefixes, tries, waiter));
      waiter.signal.throwIfAborted();
      if ('error' in outcome) this.#noteMissing(outcome.error);
      else habits.note(key, tries.paid);
    }
    this.#tried = true;
  }

  async #listTogether(prefixes: readonly string[], tries: Tries, waiter: ListingWaiter): Promise<void> {
    if (prefixes.length < togetherMin || tries.triesLeft === 0) return;
    const prefix = commonPrefix(prefixes);
    const lookups = prefixes.flatMap((root) => this.#roots.get(root) ?? []);
    if (await this.#list(prefix, lookups, { mustPay: true }, waiter)) {
      tries.paid = true;
      return;
    }
    tries.triesLeft -= 1;
    for (const branch of branches(prefixes, prefix.length)) await this.#listTogether(branch, tries, waiter);
  }

  /** Lists a prefix that a lookup has, for it and all others at or below that prefix. */
  async #listRoot(lookup: WantedLookup, waiter: ListingWaiter): Promise<void> {
    const root = this.#rootOf.get(lookup) ?? lookup.prefix;
    const open = (this.#roots.get(root) ?? []).filter(isOpen);
    // A lookup with a longer prefix than the one in common lists far less by itself.
    if (open.length < 2 || !open.some(({ prefix }) => prefix === root)) return;
    let work = this.#alone.get(root);
    if (work === undefined) {
      const lookups = this.#roots.get(root) ?? [];
      work = new SharedWork(async (all) => {
        await this.#list(root, lookups, { mustPay: false }, all);
      });
      this.#alone.set(root, work);
    }
    const outcome = await settled(work.join(waiter));
    waiter.signal.throwIfAborted();
    if ('error' in outcome && !this.#noteMissing(outcome.error)) throw outcome.error;
  }

  /** Lists a prefix for lookups. Returns false if it was ended because it did not pay. */
  async #list(
    prefix: string,
    lookups: readonly WantedLookup[],
    { mustPay }: { readonly mustPay: boolean },
    { signal, told }: ListingWaiter,
  ): Promise<boolean> {
    const { source, account, container, held, givenUp } = this.place;
    const inOrder = lookups.filter(isOpen).sort((a, b) => a.position - b.position);
    const collector = new ListingCollector(
      inOrder.map((lookup) => ({ lookup, root: this.#rootOf.get(lookup) ?? lookup.prefix })),
      held,
    );
    try {
      const listing = watchedListing(source, told);
      for await (const { blobs, next } of listPages(listing, { account, container, prefix }, signal)) {
        const prefixes = await collector.add(blobs);
        const pays = prefixes >= Math.max(prefixesOnPageMin, blobs.length / blobsForPrefix);
        if (next !== undefined && (collector.isEmpty || (mustPay && !pays))) return false;
      }
      givenUp(collector.commit());
      return true;
    } finally {
      collector.discard();
    }
  }

  /** Remembers that the container does not exist, which holds for all lookups. Returns whether the error says so. */
  #noteMissing(error: unknown): boolean {
    const failure = toFailure(error);
    if (failure.failureClass !== 'SourceMissing') return false;
    this.#missing = failure;
    return true;
  }
}

interface Tries {
  triesLeft: number;
  paid: boolean;
}

/** Groups lookups by the shortest prefix among them with which their own begins. */
function rootsOf(lookups: readonly WantedLookup[]): ReadonlyMap<string, readonly WantedLookup[]> {
  const roots = new Map<string, WantedLookup[]>();
  // In this order, a prefix comes right before those that begin with it.
  const inOrder = [...lookups].sort((a, b) => (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0));
  let root: string | undefined;
  for (const lookup of inOrder) {
    if (root === undefined || !lookup.prefix.startsWith(root)) root = lookup.prefix;
    const below = roots.get(root) ?? [];
    below.push(lookup);
    roots.set(root, below);
  }
  return roots;
}
