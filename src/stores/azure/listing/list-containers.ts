import type { NamePage } from '../../../explore/explored-source.js';
import type { PageStart } from '../../../pipeline/source/blob-source.js';
import { withTimeout } from '../../request/idle-scope.js';
import type { AzureAccount } from '../azure-account.js';
import { azureFailure } from '../azure-failure.js';
import { notAListing } from './listing-failure.js';

/** Lists one page of an account's containers. An answer that is not a listing is `SourceListing`. */
export async function listContainers(
  account: AzureAccount,
  { name, from }: { readonly name: string; readonly from: PageStart },
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<NamePage> {
  const listing = { doing: `list the containers of ${name}`, account: name };
  try {
    return await withTimeout(
      (signal) =>
        account.request(async (service) => {
          const pages = service.listContainers({ abortSignal: signal }).byPage({
            maxPageSize: from.blobsMax ?? pageMax,
            ...(from.marker === undefined ? {} : { continuationToken: from.marker }),
          });
          const answer = await pages.next();
          const page = answer.done === true ? undefined : answer.value;
          // The SDK's type promises items, whatever a proxy answers.
          const items: unknown = page?.containerItems;
          if (page === undefined || !Array.isArray(items) || typeof page.serviceEndpoint !== 'string')
            throw notAListing(listing);
          const names = page.containerItems.map((item) => item.name);
          return { names, next: page.continuationToken ? { ...from, marker: page.continuationToken } : undefined };
        }),
      options,
    );
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw azureFailure(error, listing);
  }
}

// Azure's own maximum; a page of the longest names has half a megabyte.
const pageMax = 5_000;
