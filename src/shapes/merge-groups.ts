import { joinFolders } from './join-folders.js';
import { type DraftCell, type DraftShape, draftOf, mergeDrafts, type VariableCell as Variable } from './draft-shape.js';
import { groupBy } from './group-by.js';
import { hashOf, widthOf } from './hash-of.js';
import type { NameGroup } from './name-group.js';

/**
 * Merges groups that are one shape: a hash may consist of digits or letters alone, a number without padding grows
 * wider, a word may happen to be hexadecimal. Consumes the groups.
 */
export function mergeGroups(groups: Iterable<NameGroup>): readonly DraftShape[] {
  const numbered = mergeFamilies([...groups].map(draftOf), digitFamily, digitVerdict);
  const folded = joinEqual(numbered.map(withoutHexLetters).map(joinFolders));
  const worded = mergeFamilies(folded, textFamily, textVerdict);
  return mergeFamilies(worded, digitFamily, digitVerdict);
}

/**
 * Merges drafts that differ only in cells of one family. `family` names what such cells have in common, or is undefined
 * for a cell that belongs to none; `verdict` decides about the cells at one place of all drafts that could be
 * merged. It also sees the cells of those drafts that are alike up to this place only.
 */
function mergeFamilies(
  drafts: readonly DraftShape[],
  family: (cell: Variable) => string | undefined,
  verdict: (cells: readonly Variable[], alike: readonly Variable[]) => Verdict,
): readonly DraftShape[] {
  const familyOf = (cell: DraftCell): string | undefined => (cell.kind === 'literal' ? undefined : family(cell));
  const placed = drafts.map((draft) => {
    const keys = draft.cells.map((cell) => familyOf(cell) ?? cellKey(cell));
    let place = '';
    return { draft, places: keys.map((key) => (place = `${place}\0${key}`)) };
  });
  const alike = groupBy(
    placed.flatMap(({ draft, places }) =>
      draft.cells.flatMap((cell, at) => (cell.kind === 'literal' ? [] : [{ cell, place: places[at] ?? '' }])),
    ),
    ({ place }) => place,
  );
  const families = groupBy(placed, ({ places }) => places.at(-1) ?? '');
  const merged = [...families.values()].flatMap((members) => {
    const verdicts = (members[0]?.draft.cells ?? []).map((first, index) => {
      if (familyOf(first) === undefined) return undefined;
      const others = alike.get(members[0]?.places[index] ?? '') ?? [];
      return verdict(
        members.map(({ draft }) => draft.cells[index] as Variable),
        others.map(({ cell }) => cell),
      );
    });
    const agreed = members.map(({ draft }, member) => ({
      key: draft.cells.map((cell, at) => verdicts[at]?.[member] ?? cellKey(cell)).join('\0'),
      draft: withKinds(draft, (at) => verdicts[at]?.[member]),
    }));
    return [...groupBy(agreed, ({ key }) => key).values()].map((group) => mergeAll(group.map(({ draft }) => draft)));
  });
  return joinEqual(merged);
}

/**
 * What the cells at one place are, member by member: those with an equal word are one cell. Undefined for a cell that
 * stays what it is.
 */
type Verdict = readonly (MergedKind | undefined)[];
type MergedKind = `hash:${number}` | 'number' | 'date' | 'text';

function withKinds(draft: DraftShape, kindAt: (index: number) => MergedKind | undefined): DraftShape {
  const cells = draft.cells.map((cell, at): DraftCell => {
    const kind = kindAt(at);
    if (cell.kind === 'literal' || kind === undefined) return cell;
    if (kind === 'text' && cell.kind !== 'text') return { kind, column: cell.column };
    if (kind === 'number' && cell.kind === 'date') {
      return { kind, column: cell.column, ...(cell.parts[0] === 'year' && { year: cell.date }) };
    }
    return kind.startsWith('hash') ? { kind: 'hash', column: cell.column } : cell;
  });
  return { ...draft, cells };
}

function joinEqual(drafts: readonly DraftShape[]): readonly DraftShape[] {
  const equal = groupBy(drafts, ({ cells }) => cells.map(cellKey).join('\0'));
  return [...equal.values()].map(mergeAll);
}

function mergeAll([first, ...rest]: readonly DraftShape[]): DraftShape {
  if (first === undefined) throw new RangeError('nothing to merge');
  return mergeDrafts([first, ...rest]);
}

function cellKey(cell: DraftCell): string {
  switch (cell.kind) {
    case 'literal':
      return `=${cell.text}`;
    case 'date':
      return `date${String(cell.date)}:${cell.parts.join()}:${widthKey(cell)}`;
    case 'number':
    case 'hash':
    case 'hex-letters':
      return `${cell.kind}:${widthKey(cell)}`;
    default:
      return cell.kind;
  }
}

const widthKey = ({ column }: Variable): string => `${column.widthList.join()}:${column.zeroWidthList.join()}`;

// ---- hashes and numbers

function digitFamily(cell: Variable): string | undefined {
  switch (cell.kind) {
    case 'number':
    case 'hash':
    case 'hex-letters':
      return 'digits';
    case 'date':
      return cell.parts.length > 1 && cell.parts[0] === 'year' ? undefined : 'digits';
    default:
      return undefined;
  }
}

function digitVerdict(cells: readonly Variable[], alike: readonly Variable[]): Verdict {
  const verdict: (MergedKind | undefined)[] = cells.map((cell) => hashOf(cell, cells, alike));
  const isNumber = ({ kind }: Variable, index: number): boolean =>
    verdict[index] === undefined && (kind === 'number' || kind === 'date');
  const numbers = cells.filter(isNumber);
  if (!isOneNumber(numbers)) return verdict;
  // What is an hour in some names and a larger number in others is a number.
  const parts = new Set(numbers.map((cell) => (cell.kind === 'date' ? cell.parts.join() : undefined)));
  const kind = parts.size === 1 && !parts.has(undefined) ? 'date' : 'number';
  return cells.map((cell, index) => verdict[index] ?? (isNumber(cell, index) ? kind : undefined));
}

/**
 * Numbers of several widths are one number if none of them is padded, or if only the narrowest is, and the wider ones
 * have outgrown the padding.
 */
function isOneNumber(cells: readonly Variable[]): boolean {
  const widths = new Set(cells.flatMap(({ column }) => column.widthList));
  const padded = new Set(cells.flatMap(({ column }) => column.zeroWidthList));
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  return padded.size === 0 || (padded.size === 1 && padded.has(least) && widths.size === most - least + 1);
}

// ---- words

/** What is left of hexadecimal letters has no hash beside it: it is a word. */
function withoutHexLetters(draft: DraftShape): DraftShape {
  const cells = draft.cells.map((cell): DraftCell =>
    cell.kind === 'hex-letters' ? { kind: 'text', column: cell.column } : cell,
  );
  return { ...draft, cells };
}

const textFamily = ({ kind }: Variable): string | undefined =>
  kind === 'text' || kind === 'hash' ? 'text' : undefined;

/** Words among which some are hexadecimal are words; words beside many hashes are something else. */
function textVerdict(cells: readonly Variable[]): Verdict {
  const hasText = cells.some(({ kind }) => kind === 'text');
  return cells.map((cell) => {
    const { kind, column } = cell;
    // Of one character there are no more than 16.
    const isFew = column.values.distinct < hashesMin || widthOf(cell) === 1;
    const isText = kind === 'text' || (kind === 'hash' && isFew);
    return hasText && isText ? 'text' : undefined;
  });
}

// Fewer than these, beside words, are words as well.
const hashesMin = 16;
