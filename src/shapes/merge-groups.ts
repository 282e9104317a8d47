import { type DraftCell, type DraftShape, draftOf, mergeDrafts } from './draft-shape.js';
import { groupBy } from './group-by.js';
import type { NameGroup } from './name-group.js';

type Variable = Exclude<DraftCell, { kind: 'literal' }>;

/**
 * Merges groups that are one shape: a hash may consist of digits or letters alone, a number without padding grows
 * wider, a word may happen to be hexadecimal. Consumes the groups.
 */
export function mergeGroups(groups: Iterable<NameGroup>): readonly DraftShape[] {
  const numbered = mergeFamilies([...groups].map(draftOf), digitFamily, digitVerdict);
  const worded = mergeFamilies(numbered.map(withoutHexLetters), textFamily, textVerdict);
  return mergeFamilies(worded, digitFamily, digitVerdict);
}

/**
 * Merges drafts that differ only in cells of one family. `family` names what such cells have in common, or is undefined
 * for a cell that belongs to none; `verdict` decides about the cells at one place of all drafts that could be merged.
 */
function mergeFamilies(
  drafts: readonly DraftShape[],
  family: (cell: Variable) => string | undefined,
  verdict: (cells: readonly Variable[]) => Verdict,
): readonly DraftShape[] {
  const familyOf = (cell: DraftCell): string | undefined => (cell.kind === 'literal' ? undefined : family(cell));
  const families = groupBy(drafts, ({ cells }) => cells.map((cell) => familyOf(cell) ?? cellKey(cell)).join('\0'));
  const merged = [...families.values()].flatMap((members) => {
    const verdicts = (members[0]?.cells ?? []).map((first, index) =>
      familyOf(first) === undefined ? undefined : verdict(members.map(({ cells }) => cells[index] as Variable)),
    );
    const agreed = members.map((draft, member) => ({
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
    if (kind === 'number' && cell.kind === 'date') return { kind, column: cell.column };
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
      return cell.parts[0] === 'year' ? undefined : 'digits';
    default:
      return undefined;
  }
}

function digitVerdict(cells: readonly Variable[]): Verdict {
  const verdict: (MergedKind | undefined)[] = cells.map((_, index) => hashOf(cells, index));
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
 * Digits alone and letters alone count as hashes if they are as rare among them as chance makes them: of 4 digits, 15 %
 * have no letter and 2 % nothing else.
 */
function hashOf(cells: readonly Variable[], index: number): MergedKind | undefined {
  const width = widthOf(cells[index]);
  const kind = hashKind(cells[index]);
  if (width === undefined || kind === undefined) return undefined;
  const count = (of: HashKind): number =>
    cells
      .filter((cell) => hashKind(cell) === of && widthOf(cell) === width)
      .reduce((sum, { column }) => sum + column.values.distinct, 0);
  const hashes = count('hash');
  if (hashes === 0 || (width < 4 && hashes < 8)) return undefined;
  if (kind === 'hash') return `hash:${width}`;
  const share = { digits: (10 / 16) ** width, letters: (6 / 16) ** width };
  const expected = (hashes * share[kind]) / (1 - share.digits - share.letters);
  return count(kind) <= Math.max(rareMax, luckMax * expected) ? `hash:${width}` : undefined;
}

type HashKind = 'hash' | 'digits' | 'letters';

function hashKind(cell: Variable | undefined): HashKind | undefined {
  if (cell?.kind === 'hash') return 'hash';
  if (cell?.kind === 'hex-letters') return 'letters';
  return cell?.kind === 'number' || cell?.kind === 'date' ? 'digits' : undefined;
}

// Among few hashes, chance has a wide range.
const rareMax = 4;
const luckMax = 4;

/** The width of all texts at a place; undefined if they have several. */
function widthOf(cell: Variable | undefined): number | undefined {
  const widths = cell?.column.widthList ?? [];
  return widths.length === 1 ? widths[0] : undefined;
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
  return cells.map(({ kind, column }) => {
    const isText = kind === 'text' || (kind === 'hash' && column.values.distinct < hashesMin);
    return hasText && isText ? 'text' : undefined;
  });
}

// Fewer than these, beside words, are words as well.
const hashesMin = 16;
