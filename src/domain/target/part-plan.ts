const partBytesMin = 8 * 1024 * 1024;
const sourceShare = 5_000;
const doubledEveryParts = 2_000;

/** The most parts that S3 allows. */
export const partsMax = 10_000;

/**
 * Returns the size in bytes that a part (numbered from 1) must reach before it is sent: 8 MiB or a 5,000th of the
 * listed source bytes, whichever is more, doubled every 2,000 parts. It depends on manifest and part number alone, so
 * that any process cuts the same parts, and is enough for an object of 484 GiB whatever the listed sizes of its blobs.
 */
export function partSizeBytes(sourceBytes: number, partNumber: number): number {
  const base = Math.max(partBytesMin, Math.ceil(sourceBytes / sourceShare));
  return base * 2 ** Math.floor((partNumber - 1) / doubledEveryParts);
}
