import type { Definition } from '../../domain/definition.js';
import { naturalKey } from '../../domain/text/natural-key.js';
import type { ListedBlob } from '../source/blob-source.js';

/** A blob with its place, and the lookup that found it. */
export interface FoundBlob extends ListedBlob {
  readonly account: string;
  readonly container: string;
  readonly lookup: number;
  readonly combination: number;
}

/**
 * Orders blobs as `order` says: by the bytes of their names over all lookups (under `natural` with runs of digits as
 * numbers), lookup after lookup, or by time of last change. Ties: name, lookup, `each` combination, account, container.
 * The result does not depend on the order of the input.
 */
export function orderBlobs(blobs: readonly FoundBlob[], order: Definition['order']): readonly FoundBlob[] {
  const first = primary[order];
  return blobs
    .map((blob): Sorted => {
      const nameBytes = Buffer.from(blob.name);
      return { blob, nameBytes, keyBytes: order === 'natural' ? Buffer.from(naturalKey(blob.name)) : nameBytes };
    })
    .sort((a, b) => first(a, b) || Buffer.compare(a.nameBytes, b.nameBytes) || ties(a.blob, b.blob))
    .map(({ blob }) => blob);
}

interface Sorted {
  readonly blob: FoundBlob;
  readonly nameBytes: Buffer;
  readonly keyBytes: Buffer;
}

const primary: Readonly<Record<Definition['order'], (a: Sorted, b: Sorted) => number>> = {
  name: () => 0,
  natural: (a, b) => Buffer.compare(a.keyBytes, b.keyBytes),
  lookup: (a, b) => a.blob.lookup - b.blob.lookup,
  lastModified: (a, b) => a.blob.lastModifiedMs - b.blob.lastModifiedMs,
};

function ties(a: FoundBlob, b: FoundBlob): number {
  return (
    a.lookup - b.lookup ||
    a.combination - b.combination ||
    compareText(a.account, b.account) ||
    compareText(a.container, b.container)
  );
}

/** Compares by UTF-16 units, never by locale: two machines must agree. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
