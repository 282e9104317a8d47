import { chooseDates } from './names/choose-dates.js';
import type { Column } from './columns/column.js';
import { type DatePart, partRank } from './names/date-run.js';
import type { DateSet } from './columns/date-set.js';
import { datePair, type DifferingDates, type GroupFolder, type NameGroup, type SeenBlob } from './name-group.js';
import type { SizeHistogram } from './columns/size-histogram.js';
import type { TextPieces } from './names/text-pieces.js';

/** A place in the names of a shape that is still being assembled from groups. */
export type DraftCell =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'date'; readonly date: number; readonly parts: readonly DatePart[]; readonly column: Column }
  | {
      readonly kind: 'number' | 'hash' | 'hex-letters' | 'guid' | 'version' | 'text';
      readonly column: Column;
      readonly pieces?: TextPieces | undefined;
      /** The date that a number of four digits is if all of them are years. */
      readonly year?: number;
    };

/** A place that varies. */
export type VariableCell = Exclude<DraftCell, { kind: 'literal' }>;

/** A shape that is still being assembled from groups. */
export interface DraftShape {
  readonly cells: readonly DraftCell[];
  /** The dates that its date cells refer to by their position. */
  readonly dates: readonly DateSet[];
  readonly differing: DifferingDates;
  /** Cells that may be one word together. */
  readonly folders: readonly GroupFolder[];
  readonly sizes: SizeHistogram;
  readonly samples: readonly SeenBlob[];
  readonly sequences: ReadonlySet<string>;
  readonly blobs: number;
}

/** Makes the draft of a single group. */
export function draftOf(group: NameGroup): DraftShape {
  const chosen = chooseDates(group.dates.map(({ run }) => run));
  const dates = chosen.map((index) => group.dates[index]).filter((date) => date !== undefined);
  const cells = group.cells.map((cell, index): DraftCell => {
    if (cell.kind === 'literal') return cell;
    const { column, pieces } = cell;
    for (const [date, { run }] of dates.entries()) {
      const field = run.find(({ token }) => token === index);
      // Four digits alone may be anything; what they are shows when all names are known.
      if (field !== undefined && field.parts.length === 1 && run.length === 1)
        return { kind: 'number', column, year: date };
      if (field !== undefined) return { kind: 'date', date, parts: field.parts, column };
    }
    if (cell.kind === 'digits') return { kind: 'number', column };
    return { kind: cell.kind === 'hex' ? 'hash' : cell.kind, column, pieces };
  });
  return {
    cells,
    dates: dates.map(({ dates: set }) => set),
    differing: differingDates(group, chosen),
    folders: group.folders,
    sizes: group.sizes,
    samples: group.samples,
    sequences: new Set(group.sequence === undefined ? [] : [group.sequence]),
    blobs: group.blobs,
  };
}

function differingDates({ differing }: NameGroup, chosen: readonly number[]): DifferingDates {
  const parts = new Map<string, 'year' | 'month' | 'day'>();
  for (const [pair, part] of differing) {
    const [one, other] = pair.split(',').map((index) => chosen.indexOf(Number(index)));
    if (one !== undefined && other !== undefined && one >= 0 && other >= 0) parts.set(datePair(one, other), part);
  }
  return parts;
}

/** Merges drafts with the same cells into the first, cell by cell; `cell` says what becomes of each. */
export function mergeDrafts(drafts: readonly [DraftShape, ...DraftShape[]]): DraftShape {
  const [first, ...others] = drafts;
  return others.reduce((merged, other) => {
    merged.sizes.merge(other.sizes);
    for (const [index, set] of merged.dates.entries()) {
      const theirs = other.dates[index];
      if (theirs !== undefined) set.merge(theirs);
    }
    return {
      cells: merged.cells.map((cell, index) => mergeCells(cell, other.cells[index])),
      dates: merged.dates,
      differing: mergeDiffering(merged.differing, other.differing),
      folders: mergeFolders(merged.folders, other.folders),
      sizes: merged.sizes,
      samples: [...merged.samples, ...other.samples].sort((a, b) => b.bytes - a.bytes).slice(0, samplesMax),
      sequences: new Set([...merged.sequences, ...other.sequences]),
      blobs: merged.blobs + other.blobs,
    };
  }, first);
}

const samplesMax = 3;

function mergeCells(cell: DraftCell, other: DraftCell | undefined): DraftCell {
  if (cell.kind === 'literal' || other === undefined || other.kind === 'literal') return cell;
  cell.column.merge(other.column);
  if (cell.kind === 'date' || other.kind === 'date') return cell;
  const same = cell.pieces !== undefined && other.pieces !== undefined && cell.pieces.merge(other.pieces);
  return { ...cell, pieces: same ? cell.pieces : undefined };
}

function mergeDiffering(one: DifferingDates, other: DifferingDates): DifferingDates {
  const merged = new Map(one);
  for (const [pair, part] of other) {
    const known = merged.get(pair);
    if (known === undefined || partRank(part) < partRank(known)) merged.set(pair, part);
  }
  return merged;
}

function mergeFolders(folders: readonly GroupFolder[], others: readonly GroupFolder[]): readonly GroupFolder[] {
  return folders.flatMap((folder) => {
    const other = others.find(({ first, last }) => first === folder.first && last === folder.last);
    if (other === undefined) return [];
    folder.column.merge(other.column);
    return [folder];
  });
}
