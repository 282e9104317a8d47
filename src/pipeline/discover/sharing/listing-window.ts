import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FindRenderer, RenderedLookup } from '../../../domain/rendered-find.js';
import type { StagedUnit } from '../../../domain/unit.js';
import { ByteBudget } from '../../../flow/byte-budget.js';
import { settled, unwrap, type Settled } from '../../../flow/settled.js';
import type { BlobSource, ListedBlob } from '../../source/blob-source.js';
import { ContainerListings, type ListingWaiter } from './container-listings.js';
import type { ListingHabits } from './listing-habits.js';
import type { WantedLookup } from './wanted-lookup.js';

// Rendering this many takes about 0.2 s, and holding them about 2 MiB.
const lookupsMax = 4_096;
const renderedBetweenTurns = 128;
// About 20,000 blobs; each slice has a window or two.
const heldBytesMax = 8 * 1024 * 1024;
// A listing shows the container as it was then. What is added later is missed, as by a unit that has begun already.
const freshForMs = 5 * 60_000;

/** What a window of listings is made of. */
export interface WindowSource {
  readonly find: FindRenderer;
  readonly source: Pick<BlobSource, 'listPage'>;
  readonly habits: ListingHabits;
}

/** A unit with its place in the slice. */
export interface PlacedUnit {
  readonly unit: StagedUnit;
  readonly position: number;
}

/** The lookups of the next few units of a slice, and the listings that they share. */
export class ListingWindow {
  readonly #madeMs = performance.now();
  readonly #rendered = new Map<number, Settled<readonly RenderedLookup[]>>();
  readonly #wanted = new Map<RenderedLookup, { readonly lookup: WantedLookup; readonly of: ContainerListings }>();
  /** The position of the first unit that is no longer served. */
  #end = Number.POSITIVE_INFINITY;

  /** Renders the lookups of units until there are enough; at least those of the first one. */
  static async open(units: Iterable<PlacedUnit>, from: WindowSource): Promise<ListingWindow> {
    const window = new ListingWindow();
    const byContainer = new Map<string, { readonly rendered: RenderedLookup; readonly position: number }[]>();
    let lookups = 0;
    let sinceTurn = 0;
    for (const { unit, position } of units) {
      // The unit itself fails with this error when it begins, not the unit for which it was rendered ahead.
      const rendered = await settled(Promise.resolve().then(() => from.find.lookups(unit)));
      window.#rendered.set(unit.index, rendered);
      const all = 'value' in rendered ? rendered.value : [];
      for (const each of all) {
        if (each.find.kind !== 'prefix') continue;
        const key = JSON.stringify([each.account, each.container]);
        const same = byContainer.get(key) ?? [];
        same.push({ rendered: each, position });
        byContainer.set(key, same);
      }
      lookups += all.length;
      if (lookups >= lookupsMax) break;
      sinceTurn += all.length;
      if (sinceTurn < renderedBetweenTurns) continue;
      sinceTurn = 0;
      await nextTurn();
    }
    window.#share([...byContainer.values()], from);
    return window;
  }

  /** Reports whether the unit may take its listings from here. */
  serves({ unit, position }: PlacedUnit): boolean {
    return this.#rendered.has(unit.index) && position < this.#end && performance.now() - this.#madeMs < freshForMs;
  }

  /** Returns the rendered lookups of a unit. Throws as rendering them does. */
  lookups(unit: StagedUnit): readonly RenderedLookup[] {
    const rendered = this.#rendered.get(unit.index);
    return rendered === undefined ? [] : unwrap(rendered);
  }

  /** Returns what a shared listing found for a lookup; see {@link ContainerListings.take}. */
  async take(lookup: RenderedLookup, waiter: ListingWaiter): Promise<readonly ListedBlob[] | undefined> {
    const wanted = this.#wanted.get(lookup);
    return wanted === undefined ? undefined : await wanted.of.take(wanted.lookup, waiter);
  }

  #share(
    containers: readonly (readonly { readonly rendered: RenderedLookup; readonly position: number }[])[],
    { source, habits }: WindowSource,
  ): void {
    const held = new ByteBudget(heldBytesMax);
    const givenUp = (lookups: readonly WantedLookup[]): void => {
      for (const { position } of lookups) this.#end = Math.min(this.#end, position);
    };
    for (const group of containers) {
      const [first] = group;
      if (first === undefined || group.length === 1) continue;
      const { account, container } = first.rendered;
      const wanted = group.flatMap(({ rendered, position }) => {
        const { find } = rendered;
        if (find.kind !== 'prefix') return [];
        const lookup: WantedLookup = { position, prefix: find.prefix, matches: find.matches, ...open };
        return [{ rendered, lookup }];
      });
      const of = new ContainerListings(
        { source, account, container, held, habits, givenUp },
        wanted.map(({ lookup }) => lookup),
      );
      for (const { rendered, lookup } of wanted) this.#wanted.set(rendered, { lookup, of });
    }
  }
}

const open = { found: undefined, settled: false };
