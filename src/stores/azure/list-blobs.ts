import { Failure } from '../../domain/failure.js';
import type { BlobPlace, ListedBlob } from '../../pipeline/source/blob-source.js';
import { AnswerTooLarge } from '../request/answer-too-large.js';
import type { AzureAccount } from './azure-account.js';
import { requireContainerName } from './azure-names.js';
import { listPage, type ListedPage, type PageRequest } from './list-page.js';
import { ListingProgress } from './listing-progress.js';

/**
 * Yields every blob below a prefix, one request a page. A listing that makes no sense or does not advance is
 * `SourceListing`.
 */
export async function* listBlobs(
  account: AzureAccount,
  place: BlobPlace,
  options: Omit<PageRequest, 'marker'>,
): AsyncGenerator<ListedBlob> {
  requireContainerName(place.account, place.container);
  const doing = `list ${place.account}/${place.container}/${place.prefix}`;
  const progress = new ListingProgress(doing);
  let { pageBlobs } = options;
  let marker: string | undefined;
  do {
    const page = await smallerPages(
      { ...options, pageBlobs, marker },
      (request) => listPage(account, place, request),
      doing,
    );
    for (const blob of page.blobs) {
      options.signal.throwIfAborted();
      yield blob;
    }
    progress.note({ blobs: page.blobs.length, marker: page.marker });
    ({ marker, pageBlobs } = page);
  } while (marker !== undefined);
}

const shrink = 8;
// With the longest names and metadata that Azure allows, so many blobs stay within the bound of an answer.
const pageBlobsMin = 64;

/** Requests a page, and smaller and smaller ones while it is too large to be held: names and metadata may be long. */
async function smallerPages(
  request: PageRequest,
  ask: (request: PageRequest) => Promise<ListedPage>,
  doing: string,
): Promise<ListedPage & { readonly pageBlobs: number }> {
  for (let { pageBlobs } = request; ; pageBlobs = Math.ceil(pageBlobs / shrink)) {
    try {
      return { ...(await ask({ ...request, pageBlobs })), pageBlobs };
    } catch (error) {
      if (!(error instanceof AnswerTooLarge)) throw error;
      if (pageBlobs <= pageBlobsMin)
        throw new Failure('SourceListing', `${doing}: ${error.message} for ${pageBlobs} blobs`, { cause: error });
    }
  }
}
