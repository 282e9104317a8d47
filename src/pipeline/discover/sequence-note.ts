import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { RenderedExpect } from '../../domain/rendered-find.js';
import { sequenceNumber } from './sequence-number.js';

/**
 * Returns a note if the numbers of `expect.sequence` decrease somewhere in the joined order, or undefined if they do
 * not: `p-10` before `p-2` is the order of their names, but hardly the intended one.
 */
export function sequenceNote(blobs: readonly SourceBlob[], { sequence }: RenderedExpect): string | undefined {
  if (sequence === undefined) return undefined;
  const numbers = blobs.map(({ name }) => sequenceNumber(name, sequence) ?? 0);
  const position = numbers.findIndex((number, at) => number < (numbers[at - 1] ?? 0));
  const [before, after] = [blobs[position - 1], blobs[position]];
  if (before === undefined || after === undefined) return undefined;
  return (
    `the blobs are not joined in the order of their numbers: ${blobLabel(before)} comes before ${blobLabel(after)}; ` +
    'order: natural joins them by number'
  );
}
