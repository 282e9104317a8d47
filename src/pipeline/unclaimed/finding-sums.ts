import { findShapes } from '../../shapes/find-shapes.js';
import { shapeText } from '../../shapes/shape-text.js';
import { ShapeTable } from '../../shapes/shape-table.js';
import type { ContainerFindings, UnclaimedShape } from '../../domain/stored/unclaimed-records.js';
import type { ClaimSink, ListedItem } from './match-claims.js';
import { nameOfKey } from './name-key.js';

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
 * Sums up what is found in a container, in bounded memory. `list` takes each blob that no unit claims, or that several
 * do; it returns a promise when it has to be waited for.
 */
export class FindingSums implements ClaimSink {
  readonly #shapes = new ShapeTable();
  readonly #firstTwice: { readonly name: string; readonly units: readonly number[] }[] = [];
  readonly #firstGone: string[] = [];
  #claimed = none;
  #unclaimed = none;
  #twice = none;
  #gone = 0;

  constructor(
    readonly container: string,
    readonly list: (finding: ListedFinding) => Promise<void> | undefined,
  ) {}

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
    this.#shapes.add({ ...placeOf(this.container, name), etag: '', bytes: blob.bytes });
    return this.list({ ...this.#listed(name, blob), units: [] });
  }

  gone(key: string): void {
    this.#gone += 1;
    if (this.#firstGone.length < goneShown) this.#firstGone.push(nameOfKey(key));
  }

  get sums(): Omit<ContainerFindings, 'format' | 'account' | 'container' | 'isMissing' | 'list'> {
    return {
      ...{ claimed: this.#claimed, unclaimed: this.#unclaimed, twice: this.#twice, gone: this.#gone },
      shapes: shapesOf(this.#shapes, this.container),
      ...{ firstTwice: this.#firstTwice, firstGone: this.#firstGone },
    };
  }

  #listed(name: string, { bytes, lastModifiedMs }: ListedItem): Omit<ListedFinding, 'units'> {
    return { name, bytes, lastModified: new Date(lastModifiedMs).toISOString() };
  }
}

/** Returns the shapes with the most blobs; those beyond the first hundred are summed up as one. */
function shapesOf(table: ShapeTable, folder: string): readonly UnclaimedShape[] {
  const all = findShapes(table).map(({ elements, blobs, bytes, samples }) => ({
    ...{ shape: shapeText(elements), blobs, bytes },
    first: samples.slice(0, namesPerShape).map((sample) => nameAt(folder, sample)),
  }));
  const rest = all.slice(shapesMax);
  if (rest.length === 0) return all;
  const blobs = rest.reduce((sum, shape) => sum + shape.blobs, 0);
  const bytes = rest.reduce((sum, shape) => sum + shape.bytes, 0);
  return [...all.slice(0, shapesMax), { shape: otherNames, blobs, bytes, first: [] }];
}

interface NamedPlace {
  readonly container: string;
  readonly name: string;
}

/** What is listed of a bucket are whole keys below a folder: there, the first segment stands for the container. */
const isFolder = (container: string): boolean => container.endsWith('/');

function placeOf(container: string, name: string): NamedPlace {
  if (!isFolder(container)) return { container, name };
  const [first = '', ...rest] = name.split('/');
  return { container: first, name: rest.join('/') };
}

function nameAt(listed: string, { container, name }: NamedPlace): string {
  return isFolder(listed) ? `${container}/${name}` : name;
}

// If more than five units claim one blob, a template lacks a variable, which five show as well.
const unitsShown = 5;
const none = { blobs: 0, bytes: 0 };

function plus(sum: typeof none, { bytes }: ListedItem): typeof none {
  return { blobs: sum.blobs + 1, bytes: sum.bytes + bytes };
}
