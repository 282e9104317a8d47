import { joinFolders } from './join-folders.js';
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
  const folded = joinEqual(numbered.map(withoutHexLetters).map(joinFolders));
  const worded = mergeFamilies(folded, textFamily, textVerdict);
  return mergeFamilies(worded, digitFamily, digitVerdict);
}

/**
 * Merges drafts that differ only in cells of one family. `family` names what such cells have in common, or is undefined
 * for a cell that belongs to none; `verdict` decides about the cells at one place of all drafts that could be merged. It
 * also sees the cells of those drafts that are alike up to this place only.
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
 * Digits alone and letters alone count as hashes if they are as rare among them as chance makes them: of 4 digits, 15 %
 * have no letter and 2 % nothing else. Few names have all the shards of a container, so what other names have there
 * counts as well.
 */
function hashOf(cell: Variable, cells: readonly Variable[], alike: readonly Variable[]): MergedKind | undefined {
  const width = widthOf(cell);
  const kind = hashKind(cell);
  if (width === undefined || kind === undefined) return undefined;
  const beside = width >= shardsBelow || (cell.kind === 'date' && !isRareDate(alike)) ? cells : alike;
  const count = (of: HashKind): number =>
    distinctOf(beside.filter((other) => hashKind(other) === of && widthOf(other) === width));
  const [hashes, digits, letters] = [count('hash'), count('digits'), count('letters')];
  if (width === 1) return digits > 0 && letters > 0 && digits + letters >= shardsMin ? `hash:${width}` : undefined;
  if (hashes === 0 || (width < shardsBelow && hashes + digits + letters < shardsMin)) return undefined;
  if (kind === 'hash') return `hash:${width}`;
  const share = { digits: (10 / 16) ** width, letters: (6 / 16) ** width }[kind];
  const [these, others] = kind === 'digits' ? [digits, hashes + letters] : [letters, hashes + digits];
  return these <= Math.max(rareMax, (luckMax * others * share) / (1 - share)) ? `hash:${width}` : undefined;
}

// So short hashes are shards, and fewer of them may be words: `c4`, `b2b`.
const shardsBelow = 4;
const shardsMin = 8;

/** Tells whether what would be dates at a place is most often something else: some shards are days as well. */
function isRareDate(alike: readonly Variable[]): boolean {
  const blobs = (cells: readonly Variable[]): number =>
    cells.reduce((sum, { column }) => [...(column.values.counts?.values() ?? [])].reduce((a, b) => a + b, sum), 0);
  const dates = alike.filter(({ kind }) => kind === 'date');
  return blobs(dates) * dateRareness <= blobs(alike.filter(({ kind }) => kind !== 'date'));
}

const dateRareness = 8;

/** How many values several cells have together: exactly while all are known, else at least. */
function distinctOf(cells: readonly Variable[]): number {
  const known = new Set(cells.flatMap(({ column }) => [...(column.values.counts?.keys() ?? [])]));
  return Math.max(known.size, ...cells.map(({ column }) => column.values.distinct));
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
