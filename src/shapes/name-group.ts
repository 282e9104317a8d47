import { Column, type StoredColumn } from './columns/column.js';
import { type DateRun, findDateRuns, readDate, validFields } from './names/date-run.js';
import { DateSet } from './columns/date-set.js';
import { SizeHistogram, type StoredSizes } from './columns/size-histogram.js';
import { type StoredPieces, TextPieces } from './names/text-pieces.js';
import { isVariable, type Token } from './names/token.js';
import type { ValueBudget } from './columns/value-budget.js';

/** A blob as a listing tells of it. */
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

/** More dates than two in one name tell nothing new. */
const datesMax = 2;
/** A few blobs to look into; names are at most 1,024 characters long. */
const samplesMax = 3;

/** The names of one make, summed up in bounded memory. */
export class NameGroup {
  readonly cells: readonly GroupCell[];
  readonly dates: GroupDate[];
  readonly sizes: SizeHistogram;
  readonly samples: SeenBlob[];
  /** Which series of numbers its names belong to; undefined if their files have no number. */
  readonly sequence: string | undefined;
  blobs: number;

  private constructor(parts: GroupParts) {
    this.cells = parts.cells;
    this.dates = parts.dates;
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
    return new NameGroup({ cells, dates, sizes: new SizeHistogram(), samples: [], sequence, blobs: 0 });
  }

  static restore(stored: StoredGroup, budget: ValueBudget): NameGroup {
    return new NameGroup({
      cells: stored.cells.map((cell): GroupCell => {
        if (typeof cell === 'string') return { kind: 'literal', text: cell };
        const pieces = cell.pieces === undefined ? undefined : TextPieces.restore(cell.pieces, budget);
        return { kind: cell.kind, column: Column.restore(cell.column, budget), pieces };
      }),
      dates: stored.dates.map(({ run, dates }) => ({ run, dates: new DateSet(dates) })),
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
    for (const date of this.dates) {
      const valid = validFields(date.run, tokens);
      if (valid < date.run.length) date.run = date.run.slice(0, valid);
      if (valid > 0) date.dates.add(readDate(date.run, tokens));
    }
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
      sizes: this.sizes.store(),
      samples: this.samples,
      ...(this.sequence !== undefined && { sequence: this.sequence }),
      blobs: this.blobs,
    };
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
  readonly sizes: StoredSizes;
  readonly samples: readonly SeenBlob[];
  readonly sequence?: string;
  readonly blobs: number;
}
