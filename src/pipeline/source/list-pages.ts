import { tryAgain } from '../../flow/try-again.js';
import type { BlobPage, BlobPlace, BlobSource, PageStart } from './blob-source.js';
import { ListingProgress } from './listing-progress.js';

/**
 * Yields a listing page by page. A page that fails is asked for again from where the page before it ended, so that
 * nothing is listed twice and nothing is left out. Fails with `SourceListing` if the listing does not advance.
 */
export async function* listPages(
  source: Pick<BlobSource, 'listPage'>,
  place: BlobPlace,
  signal: AbortSignal,
): AsyncGenerator<BlobPage> {
  const progress = new ListingProgress(place);
  for (let from: PageStart | undefined = {}; from !== undefined;) {
    const start: PageStart = from;
    const page = await tryAgain(() => source.listPage(place, start, signal), signal);
    progress.note({ blobs: page.blobs.length, marker: page.next?.marker });
    yield page;
    from = page.next;
  }
}
