import { Column, type StoredColumn } from './columns/column.js';
import { type CalendarDate, differingPart } from './names/calendar.js';
import { type DateRun, findDateRuns, partRank, readDate, validFields } from './names/date-run.js';
import { DateSet } from './columns/date-set.js';
import { SizeHistogram, type StoredSizes } from './columns/size-histogram.js';
import { type StoredPieces, TextPieces } from './names/text-pieces.js';
import { findMixedFolders } from './names/mixed-folders.js';
import { isVariable, type Token } from './names/token.js';
import type { ValueBudget } from './columns/value-budget.js';

/** A blob as a listing describes it. */
export interface SeenBlob {
  readonly container: string;
  readonly name: string;
  readonly etag: string;
  readonly bytes: number;
}

/** A place in the names of a group: a literal, or what varies there. */
export type GroupCell =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: Exclude<Token['kind'], 'literal'>;
      readonly column: Column;
      /** Undefined if the texts have no common make. */
      pieces: TextPieces | undefined;
    };

/** A date in the names of a group, as far as all names agree. */
export interface GroupDate {
  run: DateRun;
  readonly dates: DateSet;
}

/** The coarsest part in which two dates of a name differ in some name, by {@link datePair}. */
export type DifferingDates = ReadonlyMap<string, 'year' | 'month' | 'day'>;

/** Returns the key of two dates, by their positions in either order. */
export function datePair(one: number, other: number): string {
  return `${String(Math.min(one, other))},${String(Math.max(one, other))}`;
}

/** Several cells of one folder, of which each may be a part of one word: `acme-12`. */
export interface GroupFolder {
  readonly first: number;
  readonly last: number;
  /** The texts of all of them together. */
  readonly column: Column;
}

/** Two dates in one name are enough, and each may be read in three ways. */
const datesMax = 6;
/** A few blobs to look into; names are at most 1,024 characters long. */
const samplesMax = 3;

/** The names of one make, summed up in bounded memory. */
export class NameGroup {
  readonly cells: readonly GroupCell[];
  readonly dates: GroupDate[];
  readonly differing: Map<string, 'year' | 'month' | 'day'>;
  readonly folders: readonly GroupFolder[];
  readonly sizes: SizeHistogram;
  readonly samples: SeenBlob[];
  /** Which series of numbers its names belong to; undefined if their files have no number. */
  readonly sequence: string | undefined;
  blobs: number;

  private constructor(parts: GroupParts) {
    this.cells = parts.cells;
    this.dates = parts.dates;
    this.differing = parts.differing;
    this.folders = parts.folders;
    this.sizes = parts.sizes;
    this.samples = parts.samples;
    this.sequence = parts.sequence;
    this.blobs = parts.blobs;
  }

  /** Begins a group for the make of these tokens; they are not yet counted. */
  static of(tokens: readonly Token[], sequence: string | undefined, budget: ValueBudget): NameGroup {
    const cells = tokens.map((token): GroupCell => {
      if (!isVariable(token)) return { kind: 'literal', text: token.text };
      const pieces = token.kind === 'text' ? TextPieces.of(token.text, budget) : undefined;
      return { kind: token.kind, column: new Column(budget), pieces };
    });
    const runs = findDateRuns(tokens).slice(0, datesMax);
    const dates = runs.map((run) => ({ run, dates: new DateSet() }));
    const folders = findMixedFolders(tokens).map((place) => ({ ...place, column: new Column(budget) }));
    const sums = { sizes: new SizeHistogram(), samples: [], blobs: 0 };
    return new NameGroup({ cells, dates, differing: new Map(), folders, sequence, ...sums });
  }

  static restore(stored: StoredGroup, budget: ValueBudget): NameGroup {
    return new NameGroup({
      cells: stored.cells.map((cell): GroupCell => {
        if (typeof cell === 'string') return { kind: 'literal', text: cell };
        const pieces = cell.pieces === undefined ? undefined : TextPieces.restore(cell.pieces, budget);
        return { kind: cell.kind, column: Column.restore(cell.column, budget), pieces };
      }),
      dates: stored.dates.map(({ run, dates }) => ({ run, dates: new DateSet(dates) })),
      differing: new Map(stored.differing),
      folders: (stored.folders ?? []).map((folder) => ({ ...folder, column: Column.restore(folder.column, budget) })),
      sizes: SizeHistogram.restore(stored.sizes),
      samples: [...stored.samples],
      sequence: stored.sequence,
      blobs: stored.blobs,
    });
  }

  add(tokens: readonly Token[], blob: SeenBlob): void {
    this.blobs += 1;
    this.sizes.add(blob.bytes);
    for (const [index, cell] of this.cells.entries()) {
      if (cell.kind === 'literal') continue;
      const text = tokens[index]?.text ?? '';
      cell.column.add(text);
      if (cell.pieces?.add(text) !== false) continue;
      cell.pieces.release();
      cell.pieces = undefined;
    }
    for (const { first, last, column } of this.folders) {
      column.add(
        tokens
          .slice(first, last + 1)
          .map(({ text }) => text)
          .join(''),
      );
    }
    this.#addDates(tokens);
    this.#sample(blob);
  }

  store(): StoredGroup {
    return {
      cells: this.cells.map((cell) => {
        if (cell.kind === 'literal') return cell.text;
        const pieces = cell.pieces === undefined ? {} : { pieces: cell.pieces.store() };
        return { kind: cell.kind, column: cell.column.store(), ...pieces };
      }),
      dates: this.dates.map(({ run, dates }) => ({ run, dates: dates.store() })),
      ...(this.differing.size > 0 && { differing: [...this.differing] }),
      ...(this.folders.length > 0 && {
        folders: this.folders.map((folder) => ({ ...folder, column: folder.column.store() })),
      }),
      sizes: this.sizes.store(),
      samples: this.samples,
      ...(this.sequence !== undefined && { sequence: this.sequence }),
      blobs: this.blobs,
    };
  }

  #addDates(tokens: readonly Token[]): void {
    const seen = new Map<number, CalendarDate>();
    for (const [index, date] of this.dates.entries()) {
      const valid = validFields(date.run, tokens);
      if (valid < date.run.length) date.run = date.run.slice(0, valid);
      if (valid === 0) continue;
      const value = readDate(date.run, tokens);
      date.dates.add(value);
      for (const [other, earlier] of seen) {
        const pair = datePair(other, index);
        const part = differingPart(earlier, value);
        const known = this.differing.get(pair);
        if (part !== undefined && (known === undefined || partRank(part) < partRank(known))) {
          this.differing.set(pair, part);
        }
      }
      seen.set(index, value);
    }
  }

  /** Keeps the first blob that is not empty, the largest, and one that is replaced ever more rarely. */
  #sample(blob: SeenBlob): void {
    const isPowerOfTwo = (this.blobs & (this.blobs - 1)) === 0;
    if (this.samples.length < samplesMax) this.samples.push(blob);
    else if (this.samples[0]?.bytes === 0 && blob.bytes > 0) this.samples[0] = blob;
    else if (blob.bytes === this.sizes.largest && blob.bytes > (this.samples[1]?.bytes ?? 0)) this.samples[1] = blob;
    else if (isPowerOfTwo) this.samples[2] = blob;
  }
}

interface GroupParts {
  readonly cells: readonly GroupCell[];
  readonly dates: GroupDate[];
  readonly differing: Map<string, 'year' | 'month' | 'day'>;
  readonly folders: readonly GroupFolder[];
  readonly sizes: SizeHistogram;
  readonly samples: SeenBlob[];
  readonly sequence: string | undefined;
  readonly blobs: number;
}

/** A {@link NameGroup} as JSON. */
export interface StoredGroup {
  readonly cells: readonly (
    | string
    | {
        readonly kind: Exclude<Token['kind'], 'literal'>;
        readonly column: StoredColumn;
        readonly pieces?: StoredPieces;
      }
  )[];
  readonly dates: readonly { readonly run: DateRun; readonly dates: readonly (readonly [number, number])[] }[];
  readonly differing?: readonly (readonly [string, 'year' | 'month' | 'day'])[];
  readonly folders?: readonly { readonly first: number; readonly last: number; readonly column: StoredColumn }[];
  readonly sizes: StoredSizes;
  readonly samples: readonly SeenBlob[];
  readonly sequence?: string;
  readonly blobs: number;
}
