import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { startBzip2Compressor } from '../../dist/local/demo-data/bzip2-compressor.js';
import { writeLogLines } from '../../dist/local/demo-data/write-log-lines.js';

/** The blobs of a unit, half of them in each account. */
export const blobsPerUnit = 10;
export const accounts = /** @type {const} */ (['east', 'west']);
export const container = 'events-2024-01';
export const accountKey = Buffer.alloc(64, 'k').toString('base64');
export const s3Keys = { accessKeyId: 'bench', secretAccessKey: 'bench-secret' };
export const bucket = 'archive';

// Enough that no two neighbours are alike, and few enough to be compressed in a second.
const distinctBlobs = 64;
const rawBytes = 100_000;

/** Returns the prefix of all blobs of a unit in an account. @param {string} unit */
export function unitPrefix(unit) {
  return `2024/01/01/${createHash('sha1').update(unit).digest('hex').slice(0, 4)}/${unit}-`;
}

/** The id of a unit. @param {number} index */
export function unitId(index) {
  return `tenant-${String(index).padStart(6, '0')}`;
}

/** Makes the blobs: JSON lines, compressed by Python's bz2 to about 10 KB each. */
export async function makeBlobs() {
  const compressor = startBzip2Compressor({ python: 'python3', processes: availableParallelism() });
  try {
    const content = { seed: 1 };
    return await Promise.all(
      Array.from({ length: distinctBlobs }, (_unused, at) => {
        const blob = { account: 'east', name: `blob-${String(at)}`, region: 'eu', day: '01', rawBytes, dense: false };
        return compressor.compress([writeLogLines(content, { tenant: 'bench', month: '2024-01' }, blob)]);
      }),
    );
  } finally {
    compressor.close();
  }
}
