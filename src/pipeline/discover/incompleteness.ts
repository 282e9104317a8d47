import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { RenderedExpect } from '../../domain/rendered-find.js';
import { sequenceNumber } from './sequence-number.js';

/** Why the blobs of a unit are not those that `expect` asks for. */
export interface Incompleteness {
  /** Says what was found, what is expected and which numbers are missing. */
  readonly message: string;
  /** The numbers that the sequence lacks, as ranges with both ends, in ascending order. */
  readonly missing: readonly NumberRange[];
  /** The blob whose name has no number. */
  readonly blob?: string;
}

type NumberRange = readonly [from: number, to: number];

/** Compares the blobs found with `expect`. Returns undefined where they are complete. */
export function incompleteness(
  blobs: readonly SourceBlob[],
  { sequence, ...counts }: RenderedExpect,
): Incompleteness | undefined {
  const miscount = miscounted(blobs.length, counts);
  if (sequence === undefined) return miscount === undefined ? undefined : { message: miscount, missing: [] };
  const numbers: number[] = [];
  for (const blob of blobs) {
    const number = sequenceNumber(blob.name, sequence);
    if (number !== undefined) {
      numbers.push(number);
      continue;
    }
    const label = blobLabel(blob);
    const message = `expect.sequence finds no number in the name of ${label}`;
    return { message: joined(miscount, message), missing: [], blob: label };
  }
  numbers.sort((a, b) => a - b);
  const missing = gaps(numbers);
  if (missing.length > 0)
    return { message: joined(miscount, `numbers are missing in the sequence: ${list(missing)}`), missing };
  return miscount === undefined ? undefined : { message: joined(miscount, extent(numbers)), missing };
}

function miscounted(found: number, { blobs, min, max }: RenderedExpect): string | undefined {
  const expected =
    blobs !== undefined && found !== blobs
      ? `exactly ${String(blobs)}`
      : min !== undefined && found < min
        ? `at least ${String(min)}`
        : max !== undefined && found > max
          ? `at most ${String(max)}`
          : undefined;
  return expected === undefined ? undefined : `${String(found)} blobs were found, ${expected} are expected`;
}

function gaps(ascending: readonly number[]): readonly NumberRange[] {
  return ascending.flatMap((number, index) => {
    const before = ascending[index - 1];
    return before === undefined || number <= before + 1 ? [] : [[before + 1, number - 1] as const];
  });
}

/** Says where a sequence without a gap begins and ends, and which numbers it has twice: what is wrong is there. */
function extent(ascending: readonly number[]): string | undefined {
  const [first, last] = [ascending[0], ascending.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const repeated = [...new Set(ascending.filter((number, index) => number === ascending[index - 1]))];
  const twice =
    repeated.length === 0 ? '' : `, with more than one blob for ${list(repeated.map((each) => [each, each]))}`;
  return `their numbers run from ${String(first)} to ${String(last)} without a gap${twice}`;
}

function list(ranges: readonly NumberRange[]): string {
  const shown = ranges
    .slice(0, rangesShownMax)
    .map(([from, to]) => (from === to ? String(from) : `${String(from)} to ${String(to)}`));
  return `${shown.join(', ')}${ranges.length > rangesShownMax ? ', …' : ''}`;
}

const rangesShownMax = 5;

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('; ');
}
