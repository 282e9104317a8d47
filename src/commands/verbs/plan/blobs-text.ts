import { formatCount } from '../../../domain/text/format.js';

/** Formats a number of blobs: `1 blob`, `1,204 blobs`. */
export function blobsText(blobs: number): string {
  return `${formatCount(blobs)} ${blobs === 1 ? 'blob' : 'blobs'}`;
}
