import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * @typedef {import('../../../../src/pipeline/source/blob-source.js').ListedBlob} ListedBlob
 * @typedef {import('../../../../src/pipeline/source/blob-source.js').BlobSource} BlobSource
 * @typedef {import('../../../../src/probes/source/probed-source.js').ProbedSource} ProbedSource
 * @typedef {Required<BlobSource> & Pick<ProbedSource, 'probeAccount'>} VirtualAccount with all that blobs are read by
 */

const pageBlobs = 5_000;

/**
 * An account in memory with some blobs for each unit, all with the same bytes: `0000000/00.bz2` and so on. It takes no
 * memory for any of them, and answers in the order of names, in pages, as Azure does; each request takes a while.
 *
 * @param {{ units: number, blobsOfUnit: number, bytes: Uint8Array, latencyMs: number }} content
 * @returns {VirtualAccount}
 */
export function virtualAccount({ units, blobsOfUnit, bytes, latencyMs }) {
  const md5 = createHash('md5').update(bytes).digest('base64');
  const blobs = units * blobsOfUnit;
  const delay = async (/** @type {AbortSignal} */ signal) => {
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal });
  };
  const nameOf = (/** @type {number} */ index) =>
    `${unitNumber(Math.floor(index / blobsOfUnit))}/${String(index % blobsOfUnit).padStart(2, '0')}.bz2`;
  const described = (/** @type {number} */ index) => ({
    ...{ name: nameOf(index), etag: '"1"', bytes: bytes.length, md5, lastModifiedMs: 1_577_836_800_000 },
  });
  return {
    probeAccount: async () => undefined,
    async listPage({ prefix }, { marker, blobsMax = pageBlobs }, signal) {
      await delay(signal);
      const first = Math.max(firstUnit(prefix) * blobsOfUnit, marker === undefined ? 0 : Number(marker));
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
    async head({ name }, signal) {
      await delay(signal);
      const [unit = 0, blob = 0] = name.split('/').map((part) => Number.parseInt(part, 10));
      const index = unit * blobsOfUnit + blob;
      return index < blobs && nameOf(index) === name ? described(index) : undefined;
    },
    async *open(_blob, signal, offset = 0) {
      await delay(signal);
      yield bytes.subarray(offset);
    },
    async read(_blob, signal) {
      await delay(signal);
      return { bytes };
    },
  };
}

const digits = 7;

/** How a unit is named in the units file and below its prefix. @param {number} index */
export function unitNumber(index) {
  return String(index).padStart(digits, '0');
}

/** Returns the number of the first unit whose name may begin with the prefix. @param {string} prefix */
function firstUnit(prefix) {
  const [number = ''] = /^\d*/.exec(prefix) ?? [];
  return Number(number.padEnd(digits, '0'));
}
