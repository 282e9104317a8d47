import type { ByteBudget } from '../../../flow/byte-budget.js';
import { EventLoopTurns } from '../../../flow/event-loop-turns.js';
import type { ListedBlob } from '../../source/blob-source.js';
import { heldBytes, type WantedLookup } from './wanted-lookup.js';

/** Testing names of this many bytes takes about 20 ms. */
const turns = new EventLoopTurns(4 * 1024 * 1024);

/**
 * Hands the blobs of one listing to the lookups that share it. Where they do not fit into the budget, the lookups of
 * the last units are given up, so that those which come first are served.
 */
export class ListingCollector {
  readonly #collected: Collected[];
  readonly #byPrefix = new Map<string, Collected[]>();
  readonly #lengths: readonly number[];
  readonly #seen = new Set<string>();

  /** `lookups` are in the order of their units, each with the prefix whose own request would be saved. */
  constructor(
    lookups: readonly { readonly lookup: WantedLookup; readonly root: string }[],
    private readonly budget: ByteBudget,
  ) {
    this.#collected = lookups.map((each) => ({ ...each, blobs: [], bytes: 0, givenUp: false }));
    for (const each of this.#collected) {
      const { prefix } = each.lookup;
      const same = this.#byPrefix.get(prefix);
      if (same === undefined) this.#byPrefix.set(prefix, [each]);
      else same.push(each);
    }
    this.#lengths = [...new Set(lookups.map(({ lookup }) => lookup.prefix.length))].sort((a, b) => a - b);
  }

  /** Reports whether no lookup is left to list for. */
  get isEmpty(): boolean {
    return this.#collected.every(({ givenUp }) => givenUp);
  }

  /** Takes the blobs of a page. Returns how many prefixes got their first blob from it. */
  async add(blobs: readonly ListedBlob[]): Promise<number> {
    const before = this.#seen.size;
    for (const blob of blobs) {
      for (const length of this.#lengths) {
        if (length > blob.name.length) break;
        for (const each of this.#byPrefix.get(blob.name.slice(0, length)) ?? []) {
          if (each.givenUp) continue;
          const turn = turns.after(blob.name.length);
          if (turn !== undefined) await turn;
          this.#seen.add(each.root);
          if (each.lookup.matches(blob.name)) this.#hold(each, blob);
        }
      }
    }
    return this.#seen.size - before;
  }

  /** Hands what was collected over to the lookups, once the listing is complete. Returns those that were given up. */
  commit(): readonly WantedLookup[] {
    for (const { lookup, blobs, givenUp } of this.#collected) if (!givenUp) lookup.found = blobs;
    const givenUp = this.#collected.filter((each) => each.givenUp).map(({ lookup }) => lookup);
    this.#collected.length = 0;
    return givenUp;
  }

  /** Returns to the budget what an unfinished listing has taken from it; does nothing after {@link commit}. */
  discard(): void {
    for (const each of this.#collected) this.#giveUp(each);
  }

  #hold(each: Collected, blob: ListedBlob): void {
    const bytes = heldBytes(blob);
    while (!this.budget.tryAcquire(bytes)) {
      const last = this.#collected.findLast(({ givenUp }) => !givenUp);
      if (last === undefined) return;
      this.#giveUp(last);
      if (last === each) return;
    }
    each.blobs.push(blob);
    each.bytes += bytes;
  }

  #giveUp(each: Collected): void {
    each.givenUp = true;
    this.budget.release(each.bytes);
    each.blobs.length = 0;
    each.bytes = 0;
  }
}

interface Collected {
  readonly lookup: WantedLookup;
  readonly root: string;
  readonly blobs: ListedBlob[];
  bytes: number;
  givenUp: boolean;
}
