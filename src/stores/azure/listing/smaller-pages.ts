import { AnswerTooLarge } from '../../request/answer-too-large.js';
import type { AzureRequest } from '../azure-failure.js';
import type { ListedPage, PageRequest } from './list-page.js';
import { listingFailure } from './listing-failure.js';

const shrink = 8;
// With the longest names and metadata that Azure allows, this many blobs stay within the bound of an answer.
const pageBlobsMin = 64;

/**
 * Requests a page, and smaller and smaller ones while it is too large to be held: names and metadata may be long.
 * Returns the page with the size that was asked for in the end.
 */
export async function smallerPages(
  request: PageRequest,
  ask: (request: PageRequest) => Promise<ListedPage>,
  listing: AzureRequest,
): Promise<ListedPage & { readonly pageBlobs: number }> {
  for (let { pageBlobs } = request; ; pageBlobs = Math.ceil(pageBlobs / shrink)) {
    try {
      return { ...(await ask({ ...request, pageBlobs })), pageBlobs };
    } catch (error) {
      if (!(error instanceof AnswerTooLarge)) throw error;
      if (pageBlobs <= pageBlobsMin) throw listingFailure(listing, `${error.message} for ${pageBlobs} blobs`, error);
    }
  }
}
