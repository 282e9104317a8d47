import type { ContainerFindings, UnclaimedShape } from '../../domain/stored/unclaimed-records.js';
import type { ClaimSink, ListedItem } from './match-claims.js';
import { nameOfKey } from './name-key.js';
import { roughShape } from './rough-shape.js';

const shapesMax = 100;
const namesPerShape = 5;
const twiceShown = 100;
const goneShown = 20;
const otherNames = 'other names';

/** A blob that is written to the list of findings. */
export interface ListedFinding {
  readonly name: string;
  readonly bytes: number;
  readonly lastModified: string;
  /** Indexes of the units that claim it; empty if none does. */
  readonly units: readonly number[];
}

/**
 * Sums up what is found in a container, in bounded memory. `list` takes each blob that no unit claims, or several; it
 * returns a promise when it has to be waited for.
 */
export class FindingSums implements ClaimSink {
  readonly #shapes = new Map<string, { blobs: number; bytes: number; first: string[] }>();
  readonly #firstTwice: { readonly name: string; readonly units: readonly number[] }[] = [];
  readonly #firstGone: string[] = [];
  #claimed = none;
  #unclaimed = none;
  #twice = none;
  #gone = 0;

  constructor(readonly list: (finding: ListedFinding) => Promise<void> | undefined) {}

  claimed(blob: ListedItem, units: readonly number[]): Promise<void> | undefined {
    this.#claimed = plus(this.#claimed, blob);
    if (units.length === 1) return undefined;
    const name = nameOfKey(blob.key);
    this.#twice = plus(this.#twice, blob);
    if (this.#firstTwice.length < twiceShown) this.#firstTwice.push({ name, units: units.slice(0, unitsShown) });
    return this.list({ ...this.#listed(name, blob), units: units.slice(0, unitsShown) });
  }

  unclaimed(blob: ListedItem): Promise<void> | undefined {
    const name = nameOfKey(blob.key);
    this.#unclaimed = plus(this.#unclaimed, blob);
    const shape = this.#shapeOf(roughShape(name));
    shape.blobs += 1;
    shape.bytes += blob.bytes;
    if (shape.first.length < namesPerShape) shape.first.push(name);
    return this.list({ ...this.#listed(name, blob), units: [] });
  }

  gone(key: string): void {
    this.#gone += 1;
    if (this.#firstGone.length < goneShown) this.#firstGone.push(nameOfKey(key));
  }

  get sums(): Omit<ContainerFindings, 'format' | 'account' | 'container' | 'isMissing' | 'list'> {
    const shapes = [...this.#shapes].map(([shape, counts]): UnclaimedShape => ({ shape, ...counts }));
    return {
      ...{ claimed: this.#claimed, unclaimed: this.#unclaimed, twice: this.#twice, gone: this.#gone },
      shapes: shapes.sort((a, b) => b.blobs - a.blobs || (a.shape < b.shape ? -1 : 1)),
      ...{ firstTwice: this.#firstTwice, firstGone: this.#firstGone },
    };
  }

  #listed(name: string, { bytes, lastModifiedMs }: ListedItem): Omit<ListedFinding, 'units'> {
    return { name, bytes, lastModified: new Date(lastModifiedMs).toISOString() };
  }

  /** Shapes beyond the first hundred are counted together. */
  #shapeOf(text: string): { blobs: number; bytes: number; first: string[] } {
    const known = this.#shapes.get(text);
    if (known !== undefined) return known;
    if (this.#shapes.size >= shapesMax && text !== otherNames) return this.#shapeOf(otherNames);
    const shape = { blobs: 0, bytes: 0, first: [] };
    this.#shapes.set(text, shape);
    return shape;
  }
}

// More than five units that claim one blob are a template that lacks a variable, which five show as well.
const unitsShown = 5;
const none = { blobs: 0, bytes: 0 };

function plus(sum: typeof none, { bytes }: ListedItem): typeof none {
  return { blobs: sum.blobs + 1, bytes: sum.bytes + bytes };
}
