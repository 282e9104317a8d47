import type { NamePage } from '../../../explore/explored-source.js';
import type { BlobPlace, PageStart } from '../../../pipeline/source/blob-source.js';
import { withTimeout } from '../../request/idle-scope.js';
import type { AzureAccount } from '../azure-account.js';
import { azureFailure } from '../azure-failure.js';
import { requireContainerName } from '../azure-names.js';
import { notAListing } from './listing-failure.js';

/** Lists one page of the folders right below a prefix. An answer that is not a listing is `SourceListing`. */
export async function listFolders(
  account: AzureAccount,
  { place, from }: { readonly place: BlobPlace; readonly from: PageStart },
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<NamePage> {
  requireContainerName(place.account, place.container);
  const { account: name } = place;
  const listing = { doing: `list the folders of ${name}/${place.container}/${place.prefix}`, account: name };
  try {
    return await withTimeout(
      (signal) =>
        account.request(async (service) => {
          const pages = service
            .getContainerClient(place.container)
            .listBlobsByHierarchy('/', { prefix: place.prefix, abortSignal: signal })
            .byPage({
              maxPageSize: from.blobsMax ?? pageMax,
              ...(from.marker === undefined ? {} : { continuationToken: from.marker }),
            });
          const answer = await pages.next();
          const page = answer.done === true ? undefined : answer.value;
          // The SDK's type promises items, whatever a proxy answers.
          const items: unknown = (page?.segment as { blobItems?: unknown } | undefined)?.blobItems;
          if (page === undefined || !Array.isArray(items)) throw notAListing(listing);
          const names = (page.segment.blobPrefixes ?? []).map((folder) => folder.name);
          return { names, next: page.continuationToken ? { ...from, marker: page.continuationToken } : undefined };
        }),
      options,
    );
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw azureFailure(error, listing);
  }
}

// Folders and blobs together: a page stays well below the bound of an answer.
const pageMax = 2_000;
