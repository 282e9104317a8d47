import { DistinctValues, type StoredValues } from './distinct-values.js';
import type { ValueBudget } from './value-budget.js';

/** What the texts at one place of a shape have in common, in bounded memory. */
export class Column {
  readonly values: DistinctValues;
  /** Widths that occur, as bits: bit 4 for texts of four characters. Bit 30 stands for 30 and more. */
  widths = 0;
  /** Least and greatest width. */
  narrowest = Number.POSITIVE_INFINITY;
  widest = 0;
  /** Widths in which digits begin with a zero. */
  zeroWidths = 0;
  /** Least and greatest number, while all texts are digits that a double holds exactly. */
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** Whether a capital letter occurs. */
  hasCapital = false;

  constructor(budget: ValueBudget, values = new DistinctValues(budget)) {
    this.values = values;
  }

  static restore(stored: StoredColumn, budget: ValueBudget): Column {
    const column = new Column(budget, DistinctValues.restore(stored.values, budget));
    column.widths = stored.widths;
    column.zeroWidths = stored.zeroWidths;
    [column.narrowest, column.widest] = stored.width;
    column.hasCapital = stored.hasCapital === true;
    if (stored.range !== undefined) [column.min, column.max] = stored.range;
    return column;
  }

  add(text: string): void {
    this.values.add(text);
    const width = 1 << Math.min(text.length, widthMax);
    this.widths |= width;
    this.narrowest = Math.min(this.narrowest, text.length);
    this.widest = Math.max(this.widest, text.length);
    if (!this.hasCapital && /[A-Z]/.test(text)) this.hasCapital = true;
    const first = text.charCodeAt(0);
    if (first < 0x30 || first > 0x39 || text.length > exactDigitsMax || !/^\d+$/.test(text)) return;
    if (first === 0x30 && text.length > 1) this.zeroWidths |= width;
    const number = Number(text);
    if (number < this.min) this.min = number;
    if (number > this.max) this.max = number;
  }

  merge(other: Column): void {
    this.values.merge(other.values);
    this.widths |= other.widths;
    this.zeroWidths |= other.zeroWidths;
    this.narrowest = Math.min(this.narrowest, other.narrowest);
    this.widest = Math.max(this.widest, other.widest);
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.hasCapital ||= other.hasCapital;
  }

  /** The widths that occur, ascending; of those from 30 on, the least and the greatest. */
  get widthList(): readonly number[] {
    const short = bits(this.widths).filter((width) => width < widthMax);
    const long = new Set([Math.max(this.narrowest, widthMax), this.widest].filter((width) => width <= this.widest));
    return this.widest < widthMax ? short : [...short, ...long];
  }

  /** The widths in which digits begin with a zero, ascending. */
  get zeroWidthList(): readonly number[] {
    return bits(this.zeroWidths);
  }

  store(): StoredColumn {
    const range = this.min <= this.max ? { range: [this.min, this.max] as const } : {};
    const capital = this.hasCapital ? { hasCapital: true } : {};
    const { widths, zeroWidths, narrowest, widest } = this;
    return { values: this.values.store(), widths, zeroWidths, width: [narrowest, widest], ...range, ...capital };
  }
}

/** A {@link Column} as JSON. */
export interface StoredColumn {
  readonly values: StoredValues;
  readonly widths: number;
  readonly zeroWidths: number;
  readonly width: readonly [narrowest: number, widest: number];
  readonly range?: readonly [number, number];
  readonly hasCapital?: boolean;
}

const widthMax = 30;
const exactDigitsMax = 15;

const bits = (set: number): readonly number[] =>
  Array.from({ length: widthMax + 1 }, (_, width) => width).filter((width) => (set & (1 << width)) !== 0);
