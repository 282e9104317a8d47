import { findDateRuns } from './names/date-run.js';
import { NameGroup, type SeenBlob, type StoredGroup } from './name-group.js';
import { numberInFile } from './names/number-in-file.js';
import { SequenceWatch, type StoredSequence } from './columns/sequence-watch.js';
import { shapeKey } from './shape-key.js';
import { splitName } from './names/split-name.js';
import type { Token } from './names/token.js';
import { ValueBudget } from './columns/value-budget.js';

/** How much a {@link ShapeTable} may keep. */
export interface ShapeLimits {
  /** Makes of names that are distinguished exactly. */
  readonly groupsMax: number;
  /** Further makes, distinguished only by the number of folders and the extension. */
  readonly coarseMax: number;
  /** Distinct values that all columns together keep. */
  readonly valuesMax: number;
  readonly extensionsMax: number;
}

/**
 * About 5 MB in memory and, compressed, 200 kB as JSON, whatever the names. A container of one scheme has fewer than
 * ten makes of names; one with hundreds has no scheme that anybody could write down.
 */
export const shapeLimits: ShapeLimits = { groupsMax: 400, coarseMax: 50, valuesMax: 10_000, extensionsMax: 64 };

/** Sums up names of blobs by their make, in bounded memory; `findShapes` turns it into shapes. */
export class ShapeTable {
  readonly #limits: ShapeLimits;
  readonly #budget: ValueBudget;
  readonly #groups = new Map<string, NameGroup>();
  readonly #sequences = new Map<string, SequenceWatch>();
  readonly #extensions = new Set<string>();
  #coarse = 0;

  constructor(limits: ShapeLimits = shapeLimits) {
    this.#limits = limits;
    this.#budget = new ValueBudget(limits.valuesMax);
  }

  static restore(stored: StoredTable, limits: ShapeLimits = shapeLimits): ShapeTable {
    const table = new ShapeTable(limits);
    for (const [key, group] of stored.groups) table.#groups.set(key, NameGroup.restore(group, table.#budget));
    for (const [key, watch] of stored.sequences) table.#sequences.set(key, SequenceWatch.restore(watch));
    for (const extension of stored.extensions) table.#extensions.add(extension);
    table.#coarse = stored.coarse;
    return table;
  }

  /** Adds a blob. Those of one container come in the order of a listing. */
  add(blob: SeenBlob): void {
    const tokens = splitName(`${blob.container}/${blob.name}`, (extension) => this.#isExtension(extension));
    const found = this.#find(tokens);
    found.group.add(found.tokens, blob);
    if (found.group.sequence === undefined) return;
    const number = numberInFile(
      found.tokens,
      found.group.dates.map(({ run }) => run),
    );
    const watch = this.#sequences.get(found.group.sequence);
    if (number?.series === found.group.sequence) watch?.add(number.stem, number.number);
    // What was taken for a date turned out to be a number.
    else watch?.giveUp();
  }

  get groups(): Iterable<NameGroup> {
    return this.#groups.values();
  }

  sequence(key: string): SequenceWatch | undefined {
    return this.#sequences.get(key);
  }

  store(): StoredTable {
    return {
      groups: [...this.#groups].map(([key, group]) => [key, group.store()] as const),
      sequences: [...this.#sequences].map(([key, watch]) => [key, watch.store()] as const),
      extensions: [...this.#extensions],
      coarse: this.#coarse,
    };
  }

  #isExtension(extension: string): boolean {
    if (this.#extensions.has(extension)) return true;
    if (this.#extensions.size >= this.#limits.extensionsMax) return false;
    this.#extensions.add(extension);
    return true;
  }

  /** Finds the group of a name; when there are too many, one for names of about the same make, in the end for all. */
  #find(tokens: readonly Token[]): { readonly group: NameGroup; readonly tokens: readonly Token[] } {
    const key = shapeKey(tokens);
    const known = this.#groups.get(key);
    if (known !== undefined) return { group: known, tokens };
    if (this.#groups.size - this.#coarse < this.#limits.groupsMax) {
      return { group: this.#begin(key, tokens), tokens };
    }
    const folders = foldersAsText(tokens);
    const coarseKey = `\0coarse${shapeKey(folders)}`;
    const coarse = this.#groups.get(coarseKey);
    if (coarse !== undefined) return { group: coarse, tokens: folders };
    const isFull = this.#coarse >= this.#limits.coarseMax;
    const rest: readonly Token[] = isFull ? [{ kind: 'text', text: textOf(tokens) }] : folders;
    const restKey = isFull ? otherKey : coarseKey;
    const group = this.#groups.get(restKey);
    if (group !== undefined) return { group, tokens: rest };
    this.#coarse += 1;
    const begun = NameGroup.of(rest, undefined, this.#budget);
    this.#groups.set(restKey, begun);
    return { group: begun, tokens: rest };
  }

  #begin(key: string, tokens: readonly Token[]): NameGroup {
    const sequence = numberInFile(tokens, findDateRuns(tokens))?.series;
    if (sequence !== undefined && !this.#sequences.has(sequence)) this.#sequences.set(sequence, new SequenceWatch());
    const group = NameGroup.of(tokens, sequence, this.#budget);
    this.#groups.set(key, group);
    return group;
  }
}

/** A {@link ShapeTable} as JSON. */
export interface StoredTable {
  readonly groups: readonly (readonly [string, StoredGroup])[];
  readonly sequences: readonly (readonly [string, StoredSequence])[];
  readonly extensions: readonly string[];
  readonly coarse: number;
}

const otherKey = '\0other';

const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join('');

/** Takes each folder and the name of the file for one text; keeps slashes and the extension. */
function foldersAsText(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1);
  const extension = last?.kind === 'literal' ? (/\.[A-Za-z][A-Za-z0-9.]*$/.exec(last.text)?.[0] ?? '') : '';
  const stem = textOf(tokens).slice(0, textOf(tokens).length - extension.length);
  const folders = stem
    .split('/')
    .flatMap((segment, index): readonly Token[] => [
      ...(index === 0 ? [] : [{ kind: 'literal', text: '/' } as const]),
      ...(segment === '' ? [] : [{ kind: 'text', text: segment } as const]),
    ]);
  return extension === '' ? folders : [...folders, { kind: 'literal', text: extension }];
}
