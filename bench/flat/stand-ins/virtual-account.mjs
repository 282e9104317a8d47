import { createHash } from 'node:crypto';

/** @typedef {import('../../../src/pipeline/source/blob-source.js').ListedBlob} ListedBlob */

const digits = 7;
const ending = '/data.bz2';
const pageBlobs = 5_000;

/**
 * An account in memory that has one blob for each unit, all with the same bytes: `0000000/data.bz2`, `0000001/data.bz2`
 * and so on. It takes no memory for any of them, and answers in the order of names, in pages, as Azure does.
 *
 * @param {number} blobs
 * @param {Uint8Array} bytes
 * @returns {import('../../../src/pipeline/source/blob-source.js').BlobSource}
 */
export function virtualAccount(blobs, bytes) {
  const md5 = createHash('md5').update(bytes).digest('base64');
  const described = (/** @type {number} */ index) => ({
    ...{ name: nameOf(index), etag: '"1"', bytes: bytes.length, md5, lastModifiedMs: 1_577_836_800_000 },
  });
  return {
    async listPage({ prefix }, { marker, blobsMax = pageBlobs }) {
      const first = Math.max(firstAt(prefix), marker === undefined ? 0 : Number(marker));
      /** @type {ListedBlob[]} */
      const page = [];
      for (let index = first; index < blobs && page.length < Math.min(blobsMax, pageBlobs); index += 1) {
        if (!nameOf(index).startsWith(prefix)) return { blobs: page, next: undefined };
        page.push(described(index));
      }
      const after = first + page.length;
      const hasMore = after < blobs && nameOf(after).startsWith(prefix);
      return { blobs: page, next: hasMore ? { marker: String(after) } : undefined };
    },
    async head({ name }) {
      const index = Number.parseInt(name, 10);
      return index < blobs && nameOf(index) === name ? described(index) : undefined;
    },
    async *open(_blob, _signal, offset = 0) {
      yield bytes.subarray(offset);
    },
  };
}

/** @param {number} index */
function nameOf(index) {
  return `${String(index).padStart(digits, '0')}${ending}`;
}

/** Returns the number of the first blob whose name may begin with the prefix. @param {string} prefix */
function firstAt(prefix) {
  const [number = ''] = /^\d*/.exec(prefix) ?? [];
  return Number(number.padEnd(digits, '0'));
}
