import { createHash } from 'node:crypto';
import type { BlobPlace, BlobSource, ListedBlob, PageStart } from '../../src/pipeline/source/blob-source.js';

const digits = 7;
const ending = '/data.bz2';
const pageBlobs = 5_000;

/**
 * An account in memory that has one blob for each unit, all with the same bytes: `0000000/data.bz2`, `0000001/data.bz2`
 * and so on. It takes no memory for any of them, and answers in the order of names, in pages, as Azure does.
 */
export function virtualAccount(blobs: number, bytes: Uint8Array): BlobSource {
  const md5 = createHash('md5').update(bytes).digest('base64');
  const described = (index: number): ListedBlob => ({
    ...{ name: nameOf(index), etag: '"1"', bytes: bytes.length, md5, lastModifiedMs: 1_577_836_800_000 },
  });
  return {
    async listPage({ prefix }: BlobPlace, { marker, blobsMax = pageBlobs }: PageStart) {
      const first = Math.max(firstAt(prefix), marker === undefined ? 0 : Number(marker));
      const page: ListedBlob[] = [];
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

function nameOf(index: number): string {
  return `${String(index).padStart(digits, '0')}${ending}`;
}

/** The number of the first blob whose name may begin with the prefix. */
function firstAt(prefix: string): number {
  const [number = ''] = /^\d*/.exec(prefix) ?? [];
  return Number(number.padEnd(digits, '0'));
}
