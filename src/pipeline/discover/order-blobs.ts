import type { Definition } from '../../domain/definition.js';
import type { ListedBlob } from '../source/blob-source.js';

/** A blob with the place and the lookup that found it. */
export interface FoundBlob extends ListedBlob {
  readonly account: string;
  readonly container: string;
  readonly lookup: number;
  readonly combination: number;
}

/**
 * Orders blobs as `order` says: by the bytes of their names over all lookups, lookup after lookup, or by time of last change. Ties:
 * name, lookup, `each` combination, account, container. The result does not depend on the order of the input.
 */
export function orderBlobs(blobs: readonly FoundBlob[], order: Definition['order']): readonly FoundBlob[] {
  const first = primary[order];
  return blobs
    .map((blob) => ({ blob, nameBytes: Buffer.from(blob.name) }))
    .sort((a, b) => first(a.blob, b.blob) || Buffer.compare(a.nameBytes, b.nameBytes) || ties(a.blob, b.blob))
    .map(({ blob }) => blob);
}

const primary: Readonly<Record<Definition['order'], (a: FoundBlob, b: FoundBlob) => number>> = {
  name: () => 0,
  lookup: (a, b) => a.lookup - b.lookup,
  lastModified: (a, b) => a.lastModifiedMs - b.lastModifiedMs,
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
