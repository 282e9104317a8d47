import type { ListedItem } from './match-claims.js';
import { SortedSpool, type SpoolOptions } from './sorted-spool.js';

/** Yields a listing in the order of the bytes of its names. It is on disk meanwhile, in `directory`. */
export async function* sortedListing(
  listing: AsyncIterable<readonly ListedItem[]>,
  { directory, name, ...options }: SpoolOptions & { readonly directory: string; readonly name: string },
): AsyncGenerator<readonly ListedItem[]> {
  const spool = new SortedSpool(directory, name, options);
  try {
    for await (const items of listing)
      for (const { key, bytes, lastModifiedMs } of items) {
        const full = spool.add(key, `${String(bytes)} ${String(lastModifiedMs)}`);
        if (full !== undefined) await full;
      }
    for await (const items of spool.sorted())
      yield items.map(({ key, value }) => {
        const [bytes, lastModifiedMs] = value.split(' ').map(Number);
        return { key, bytes: bytes ?? 0, lastModifiedMs: lastModifiedMs ?? 0 };
      });
  } finally {
    await spool.remove();
  }
}
