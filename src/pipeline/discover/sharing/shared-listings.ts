import { toFailure } from '../../../domain/failure.js';
import type { RenderedLookup } from '../../../domain/rendered-find.js';
import type { StagedUnit } from '../../../domain/unit.js';
import { settled, unwrap } from '../../../flow/settled.js';
import type { ListedBlob } from '../../source/blob-source.js';
import type { SourceAnswer } from '../../source/watched-source.js';
import type { ListingWaiter } from './container-listings.js';
import { ListingWindow, type PlacedUnit, type WindowSource } from './listing-window.js';

/** The listings of one unit, as far as they are shared. */
export interface UnitListings {
  readonly lookups: readonly RenderedLookup[];
  /**
   * Returns the blobs of a lookup, the same as its own listing would have given; undefined if it is not shared and has
   * to be listed. Fails as that listing would.
   */
  take(lookup: RenderedLookup, waiter: ListingWaiter): Promise<readonly ListedBlob[] | undefined>;
}

/** What a unit needs to take part in shared listings. */
export interface Sharing {
  readonly listings: SharedListings;
  /** Called with every answer and every failure of a listing that the unit waits for, as if it listed by itself. */
  readonly told: (answer: SourceAnswer) => void;
}

/**
 * Lets the units of a slice share list requests. The lookups of the units that come next are rendered ahead; where they
 * are in one container, and their prefixes are equal or have something in common, one listing serves many. A unit is
 * served once: if it begins again, it lists by itself, so that it sees the source as it is by then.
 */
export class SharedListings {
  readonly #positions: ReadonlyMap<number, number>;
  /** Units that have the window which serves them. */
  readonly #placed = new Set<number>();
  readonly #served = new Set<number>();
  #window: Promise<ListingWindow> | undefined;

  /** `units` are those that are still to be moved, in the order in which they begin. */
  constructor(
    private readonly from: WindowSource,
    private readonly units: readonly StagedUnit[],
  ) {
    this.#positions = new Map(units.map(({ index }, position) => [index, position]));
  }

  /** Begins a unit. Returns undefined if it shares nothing. Fails as rendering its lookups does. */
  async begin(unit: StagedUnit): Promise<UnitListings | undefined> {
    const position = this.#positions.get(unit.index);
    if (position === undefined || this.#served.has(unit.index)) return undefined;
    const window = await this.#windowFor({ unit, position });
    this.#placed.add(unit.index);
    return {
      lookups: window.lookups(unit),
      take: async (lookup, waiter) => {
        const outcome = await settled(window.take(lookup, waiter));
        const isAnswer =
          'error' in outcome ? toFailure(outcome.error).failureClass === 'SourceMissing' : outcome.value !== undefined;
        if (isAnswer) this.#served.add(unit.index);
        return unwrap(outcome);
      },
    };
  }

  /** Reports whether a shared listing has told the unit what its blobs are. */
  hasServed({ index }: StagedUnit): boolean {
    return this.#served.has(index);
  }

  async #windowFor(placed: PlacedUnit): Promise<ListingWindow> {
    for (;;) {
      const current = this.#window;
      const window = await current;
      if (window?.serves(placed) === true) return window;
      // Another unit may have opened the next window meanwhile.
      if (this.#window === current) this.#window = ListingWindow.open(this.#from(placed), this.from);
    }
  }

  /** Yields a unit and those after it that have no window yet. */
  *#from(first: PlacedUnit): Generator<PlacedUnit> {
    yield first;
    for (let position = first.position + 1; position < this.units.length; position += 1) {
      const unit = this.units[position];
      if (unit !== undefined && !this.#placed.has(unit.index)) yield { unit, position };
    }
  }
}
