import { Column, type StoredColumn } from '../columns/column.js';
import type { ValueBudget } from '../columns/value-budget.js';

// Text of more pieces is chance, not a scheme.
const piecesMax = 9;
const piecePattern = /\d+|\p{L}+|[^\p{L}\d]+/gu;

/**
 * The letters, digits and separators that all texts of a column consist of, as long as all have the same make:
 * `part0001` and `part0002` have, `acme` and `acme-2b` have not.
 */
export class TextPieces {
  private constructor(
    readonly makes: readonly string[],
    readonly columns: readonly Column[],
  ) {}

  static of(text: string, budget: ValueBudget): TextPieces | undefined {
    const pieces = text.match(piecePattern) ?? [];
    if (pieces.length > piecesMax) return undefined;
    return new TextPieces(
      pieces.map(makeOf),
      pieces.map(() => new Column(budget)),
    );
  }

  static restore({ makes, columns }: StoredPieces, budget: ValueBudget): TextPieces {
    return new TextPieces(
      makes,
      columns.map((column) => Column.restore(column, budget)),
    );
  }

  /** Adds a text; false if it is of another make. */
  add(text: string): boolean {
    const pieces = text.match(piecePattern) ?? [];
    if (pieces.length !== this.makes.length) return false;
    if (!pieces.every((piece, index) => makeOf(piece) === this.makes[index])) return false;
    for (const [index, piece] of pieces.entries()) this.columns[index]?.add(piece);
    return true;
  }

  /** Merges others of the same make; false if they are of another. */
  merge(other: TextPieces): boolean {
    if (other.makes.length !== this.makes.length) return false;
    if (!this.makes.every((make, index) => make === other.makes[index])) return false;
    for (const [index, column] of this.columns.entries()) {
      const theirs = other.columns[index];
      if (theirs !== undefined) column.merge(theirs);
    }
    return true;
  }

  /** Gives the values that were kept back to the budget. Call it before the pieces are dropped. */
  release(): void {
    for (const { values } of this.columns) values.release();
  }

  store(): StoredPieces {
    return { makes: this.makes, columns: this.columns.map((column) => column.store()) };
  }
}

/** {@link TextPieces} as JSON. */
export interface StoredPieces {
  readonly makes: readonly string[];
  readonly columns: readonly StoredColumn[];
}

/** `digits`, `letters`, or the separator itself. */
function makeOf(piece: string): string {
  if (/^\d/.test(piece)) return 'digits';
  return /^\p{L}/u.test(piece) ? 'letters' : piece;
}
