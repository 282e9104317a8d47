import type { BlobPage, BlobPlace, PageStart } from '../../../pipeline/source/blob-source.js';
import type { AzureAccount } from '../azure-account.js';
import { requireContainerName } from '../azure-names.js';
import { listPage, type PageRequest } from './list-page.js';
import { smallerPages } from './smaller-pages.js';

/** Lists a page of the blobs below a prefix; pages that follow one that was too large to be held are smaller, too. */
export async function listBlobs(
  account: AzureAccount,
  { place, from }: { readonly place: BlobPlace; readonly from: PageStart },
  request: Omit<PageRequest, 'marker'>,
): Promise<BlobPage> {
  requireContainerName(place.account, place.container);
  const asked = Math.min(from.blobsMax ?? request.pageBlobs, request.pageBlobs);
  const { blobs, marker, pageBlobs } = await smallerPages(
    { ...request, pageBlobs: asked, marker: from.marker },
    (smaller) => listPage(account, place, smaller),
    { doing: `list ${place.account}/${place.container}/${place.prefix}`, account: place.account },
  );
  if (marker === undefined) return { blobs, next: undefined };
  const blobsMax = pageBlobs < asked ? pageBlobs : from.blobsMax;
  return { blobs, next: { marker, ...(blobsMax === undefined ? {} : { blobsMax }) } };
}
