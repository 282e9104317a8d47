import { isYear } from './names/calendar.js';
import type { Column } from './columns/column.js';
import type { DateSet } from './columns/date-set.js';
import type { DraftCell, DraftShape } from './draft-shape.js';
import { partRank } from './names/date-run.js';
import { mergeGroups } from './merge-groups.js';
import type { SequenceFacts } from './columns/sequence-watch.js';
import type { Shape, ShapeElement, ShapeValues } from './shape.js';
import { datePair } from './name-group.js';
import { ShapeTable } from './shape-table.js';

/** Returns the shapes of all names in a table, those with the most blobs first. The table stays as it is. */
export function findShapes(table: ShapeTable): readonly Shape[] {
  const copy = ShapeTable.restore(table.store());
  const facts = new Map<string, SequenceFacts>();
  const factsOf = (key: string): SequenceFacts | undefined => {
    const known = facts.get(key) ?? copy.sequence(key)?.facts();
    if (known !== undefined) facts.set(key, known);
    return known;
  };
  return mergeGroups(copy.groups)
    .map((draft) => finish(draft, factsOf))
    .sort((a, b) => b.blobs - a.blobs || (shapeOrder(a) < shapeOrder(b) ? -1 : 1));
}

const shapeOrder = ({ samples }: Shape): string => samples.map(({ container, name }) => `${container}/${name}`).join();

function finish(draft: DraftShape, factsOf: (key: string) => SequenceFacts | undefined): Shape {
  const { cells, sizes, blobs } = draft;
  const lastSlash = cells.findLastIndex((cell) => cell.kind === 'literal' && cell.text.includes('/'));
  const elements = cells.flatMap((cell, index) =>
    elementsOf(cell, { isFile: index > lastSlash, before: cells[index - 1], isOnly: cells.length === 1 }),
  );
  const { elements: placed, set: dateSet } = withOneDate(elements, draft);
  const sequence = [...draft.sequences].map(factsOf);
  const start = sequence[0]?.start;
  const isSequence = start !== undefined && sequence.every((each) => each?.isGapless === true && each.start === start);
  return {
    elements: joinLiterals(placed),
    blobs,
    bytes: sizes.bytes,
    emptyBlobs: sizes.empty,
    largestBytes: sizes.largest,
    medianBytes: sizes.median,
    dates: dateSet?.span(precisionOf(placed)) ?? null,
    sequence: isSequence ? { start } : null,
    samples: draft.samples,
  };
}

/**
 * Numbers the dates of the elements from 0 in their order; one that is the same as the first in all names is 0 as well.
 * Returns the dates of the first, from the place where the names have them most precisely.
 */
function withOneDate(
  elements: readonly ShapeElement[],
  { dates, differing }: DraftShape,
): { readonly elements: readonly ShapeElement[]; readonly set: DateSet | undefined } {
  const dated = elements.filter((element) => element.kind === 'date');
  const indexes = [...new Set(dated.map(({ date }) => date))];
  const finest = (date: number): number =>
    Math.max(...dated.filter((element) => element.date === date).flatMap(({ parts }) => parts.map(partRank)));
  const [first = 0] = indexes;
  const isFirst = (date: number): boolean => {
    const part = differing.get(datePair(first, date));
    return part === undefined || partRank(part) > Math.min(finest(first), finest(date));
  };
  const others = indexes.filter((date) => !isFirst(date));
  const [best] = indexes.filter(isFirst).sort((a, b) => finest(b) - finest(a));
  return {
    elements: elements.map((element) =>
      element.kind === 'date'
        ? { ...element, date: isFirst(element.date) ? 0 : 1 + others.indexOf(element.date) }
        : element,
    ),
    set: best === undefined ? undefined : dates[best],
  };
}

function precisionOf(elements: readonly ShapeElement[]): 'year' | 'month' | 'day' {
  const parts = elements.flatMap((element) => (element.kind === 'date' && element.date === 0 ? element.parts : []));
  return parts.includes('day') ? 'day' : parts.includes('month') ? 'month' : 'year';
}

interface CellPlace {
  readonly isFile: boolean;
  readonly isOnly: boolean;
  readonly before: DraftCell | undefined;
}

function elementsOf(cell: DraftCell, place: CellPlace): readonly ShapeElement[] {
  switch (cell.kind) {
    case 'literal':
      return [cell];
    case 'date':
      return [isDate(cell, place) ? dateElement(cell) : plainElement('number', cell.column)];
    case 'text': {
      // Every other name has a slash after its container, so this stands for all names that are left.
      if (place.isOnly) return [{ kind: 'text', made: 'anything', values: valuesOf(cell.column) }];
      const pieces = cell.pieces;
      // The number of a folder is a part of its name; that of a file counts.
      if (pieces === undefined || pieces.makes.length < 2 || (!place.isFile && pieces.makes.includes('digits'))) {
        return [plainElement('text', cell.column)];
      }
      return pieces.makes.map((make, index) => {
        const column = pieces.columns[index];
        if (column === undefined || !['digits', 'letters'].includes(make)) return { kind: 'literal', text: make };
        return make === 'digits' ? plainElement('number', column) : plainElement('letters', column);
      });
    }
    case 'hex-letters':
      return [plainElement('text', cell.column)];
    case 'number':
      return [
        isYearColumn(cell)
          ? dateElement({ date: cell.year, parts: ['year'], column: cell.column })
          : plainElement('number', cell.column),
      ];
    default:
      return [plainElement(cell.kind, cell.column)];
  }
}

function isYearColumn(cell: Exclude<DraftCell, { kind: 'literal' | 'date' }>): cell is typeof cell & { year: number } {
  const { min, max, values, widthList } = cell.column;
  return cell.year !== undefined && widthList.join() === '4' && isYear(min) && isYear(max) && values.distinct > 1;
}

type DateCell = Extract<DraftCell, { kind: 'date' }>;

/** The same hour, minute or second in all names is a literal; two digits of a file are a number if they are small. */
function isDate({ parts, column }: DateCell, { isFile, before }: CellPlace): boolean {
  const [part] = parts;
  if (parts.length > 1 || part === 'year' || part === 'month' || part === 'day') return true;
  if (column.values.distinct === 1) return false;
  const isNamed = before?.kind === 'literal' && /[A-Za-z]=?$/.test(before.text);
  return !isFile || isNamed || part !== 'hour' || column.max >= 12;
}

function dateElement({ date, parts, column }: Omit<DateCell, 'kind'>): ShapeElement {
  return { kind: 'date', date, parts, padded: !column.widthList.includes(1), values: valuesOf(column) };
}

function plainElement(kind: 'number' | 'hash' | 'guid' | 'version' | 'text' | 'letters', column: Column): ShapeElement {
  const values = valuesOf(column);
  const [only] = values.list ?? [];
  if (values.distinct === 1 && only !== undefined) return { kind: 'literal', text: only };
  switch (kind) {
    case 'number': {
      const { min, max, widthList, zeroWidthList } = column;
      // With one digit, nobody knows whether it is padded.
      const isPadded = zeroWidthList.length > 0 || (widthList.length === 1 && widthList[0] !== 1);
      return { kind, width: isPadded ? (widthList[0] ?? null) : null, min, max, values };
    }
    case 'hash':
      return { kind, width: column.widthList[0] ?? 0, upper: column.hasCapital, values };
    case 'letters':
      return { kind: 'text', made: 'letters', values };
    case 'text':
      return { kind: 'text', made: 'segment', values };
    default:
      return { kind, values };
  }
}

function valuesOf({ values }: Column): ShapeValues {
  const { counts, distinct } = values;
  return counts === undefined ? { distinct } : { distinct, list: [...counts.keys()].sort() };
}

function joinLiterals(elements: readonly ShapeElement[]): readonly ShapeElement[] {
  const joined: ShapeElement[] = [];
  for (const element of elements) {
    const last = joined.at(-1);
    if (element.kind === 'literal' && last?.kind === 'literal') {
      joined.splice(-1, 1, { kind: 'literal', text: last.text + element.text });
    } else joined.push(element);
  }
  return joined;
}
