import type { VariableCell } from './draft-shape.js';

/**
 * Digits alone and letters alone count as hashes if they are as rare among them as chance makes them: of 4 digits, 15 %
 * have no letter and 2 % nothing else. Few names have all the shards of a container, so what other names have there
 * counts as well.
 */
export function hashOf(
  cell: VariableCell,
  cells: readonly VariableCell[],
  alike: readonly VariableCell[],
): `hash:${number}` | undefined {
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

// Hashes this short are shards, and fewer of them may be words: `c4`, `b2b`.
const shardsBelow = 4;
const shardsMin = 8;

/** Tells whether what would be dates at a place is most often something else: some shards are days as well. */
function isRareDate(alike: readonly VariableCell[]): boolean {
  const blobs = (cells: readonly VariableCell[]): number =>
    cells.reduce((sum, { column }) => [...(column.values.counts?.values() ?? [])].reduce((a, b) => a + b, sum), 0);
  const dates = alike.filter(({ kind }) => kind === 'date');
  return blobs(dates) * dateRareness <= blobs(alike.filter(({ kind }) => kind !== 'date'));
}

const dateRareness = 8;

/** How many values several cells have together: exactly while all are known, else at least. */
function distinctOf(cells: readonly VariableCell[]): number {
  const known = new Set(cells.flatMap(({ column }) => [...(column.values.counts?.keys() ?? [])]));
  return Math.max(known.size, ...cells.map(({ column }) => column.values.distinct));
}

type HashKind = 'hash' | 'digits' | 'letters';

function hashKind(cell: VariableCell | undefined): HashKind | undefined {
  if (cell?.kind === 'hash') return 'hash';
  if (cell?.kind === 'hex-letters') return 'letters';
  return cell?.kind === 'number' || cell?.kind === 'date' ? 'digits' : undefined;
}

// Among few hashes, chance has a wide range.
const rareMax = 4;
const luckMax = 4;

/** Returns the width of all texts at a place; undefined if they have several. */
export function widthOf(cell: VariableCell | undefined): number | undefined {
  const widths = cell?.column.widthList ?? [];
  return widths.length === 1 ? widths[0] : undefined;
}
