import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { RenderedExpect } from '../../domain/rendered-find.js';

/** Returns the numbers that `expect.sequence` captures, blob by blob; fails with `Incomplete` where a name has none. */
export function sequenceNumbers(
  blobs: readonly SourceBlob[],
  sequence: NonNullable<RenderedExpect['sequence']>,
): readonly number[] {
  return blobs.map((blob) => {
    const captured = sequence(blob.name);
    if (captured !== undefined && /^\d{1,15}$/.test(captured)) return Number(captured);
    const label = blobLabel(blob);
    throw new Failure('Incomplete', `expect.sequence finds no number in the name of ${label}`, { blob: label });
  });
}
