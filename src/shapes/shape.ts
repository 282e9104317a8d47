import type { DateSpan } from './columns/date-set.js';
import type { DatePart } from './names/date-run.js';
import type { SeenBlob } from './name-group.js';

/** The values at a place of a shape. */
export interface ShapeValues {
  /** How many there are: exactly if `list` is there, else approximately. */
  readonly distinct: number;
  /** All of them in order; absent if there are more than 64. */
  readonly list?: readonly string[];
}

/** A place in the names of a shape. */
export type ShapeElement =
  | { readonly kind: 'literal'; readonly text: string }
  /** `padded` is false if one digit stands for 1 to 9. `date` numbers the dates of a name, from 0. */
  | {
      readonly kind: 'date';
      readonly date: number;
      readonly parts: readonly DatePart[];
      readonly padded: boolean;
      readonly values: ShapeValues;
    }
  /** `width` is that of padded numbers, null if they are not padded. */
  | {
      readonly kind: 'number';
      readonly width: number | null;
      readonly min: number;
      readonly max: number;
      readonly values: ShapeValues;
    }
  | { readonly kind: 'hash'; readonly width: number; readonly upper: boolean; readonly values: ShapeValues }
  | { readonly kind: 'guid' | 'version'; readonly values: ShapeValues }
  /** `made` says what the text consists of: only letters, any characters but slashes, or even slashes. */
  | { readonly kind: 'text'; readonly made: 'letters' | 'segment' | 'anything'; readonly values: ShapeValues };

/** Names that are made alike, and their blobs. The first segment of a name is the container. */
export interface Shape {
  readonly elements: readonly ShapeElement[];
  readonly blobs: number;
  readonly bytes: number;
  readonly emptyBlobs: number;
  readonly largestBytes: number;
  /** To within 5 %. */
  readonly medianBytes: number;
  /** The dates of the names, or null. */
  readonly dates: DateSpan | null;
  /**
   * The numbers at the end of the names, if in each series of otherwise equal names they have no gap: where each
   * starts.
   */
  readonly sequence: { readonly start: number } | null;
  /** A few of its blobs. */
  readonly samples: readonly SeenBlob[];
}
