const partBytesMin = 8 * 1024 * 1024;
const sourceShare = 5_000;
const doubledEveryParts = 2_000;

/** S3 allows so many parts. */
export const partsMax = 10_000;

/**
 * Gives the size in bytes that a part (numbered from 1) must reach before it is sent: 8 MiB or a 5,000th of the listed source bytes, doubled
 * every 2,000 parts. A pure function of manifest and part number, so that any process cuts the same parts; enough for an
 * object of 484 GiB, whatever its blobs are listed with.
 */
export function partSizeBytes(sourceBytes: number, partNumber: number): number {
  const base = Math.max(partBytesMin, Math.ceil(sourceBytes / sourceShare));
  return base * 2 ** Math.floor((partNumber - 1) / doubledEveryParts);
}
