import type { BlobItem, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { Failure } from '../../domain/failure.js';
import type { BlobPlace, ListedBlob } from '../../pipeline/source/blob-source.js';
import { withTimeout } from '../request/idle-scope.js';
import type { AzureAccount } from './azure-account.js';
import { azureFailure, azureFailureClass } from './azure-failures.js';
import { requireContainerName } from './azure-names.js';

/** Gives every blob below a prefix, one request a page. A page that is no listing is `SourceListing`. */
export async function* listBlobs(
  account: AzureAccount,
  place: BlobPlace,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly pageBlobs: number },
): AsyncGenerator<ListedBlob> {
  requireContainerName(place.account, place.container);
  let marker: string | undefined;
  do {
    const page = await listPage(account, place, { ...options, marker });
    for (const item of page.segment.blobItems) {
      options.signal.throwIfAborted();
      yield listedBlob(item);
    }
    // Azure ends a listing with an empty marker.
    marker = page.continuationToken === '' ? undefined : page.continuationToken;
  } while (marker !== undefined);
}

/** Makes one list request. */
export async function listPage(
  account: AzureAccount,
  place: BlobPlace,
  options: {
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly pageBlobs: number;
    readonly marker?: string | undefined;
  },
): Promise<ContainerListBlobFlatSegmentResponse> {
  const doing = `list ${place.account}/${place.container}/${place.prefix}`;
  try {
    return await withTimeout(
      (signal) =>
        account.request(async (service) => {
          const pages = service
            .getContainerClient(place.container)
            .listBlobsFlat({ prefix: place.prefix, abortSignal: signal })
            .byPage({
              maxPageSize: options.pageBlobs,
              ...(options.marker === undefined ? {} : { continuationToken: options.marker }),
            });
          const page = await pages.next();
          if (page.done === true) throw noListing(doing);
          return requireListing(page.value, doing);
        }),
      options,
    );
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    if (!(error instanceof Failure) && azureFailureClass(error) === 'SourceProtocol')
      throw new Failure('SourceListing', azureFailure(error, { doing, account: place.account }).message, {
        what: `account ${place.account}`,
      });
    throw azureFailure(error, { doing, account: place.account });
  }
}

// A page of a proxy may parse as a listing without blobs: that must never pass for "no blobs".
function requireListing(
  page: ContainerListBlobFlatSegmentResponse,
  doing: string,
): ContainerListBlobFlatSegmentResponse {
  const items: unknown = (page.segment as { blobItems?: unknown } | undefined)?.blobItems;
  if (!Array.isArray(items) || typeof page.serviceEndpoint !== 'string') throw noListing(doing);
  return page;
}

function noListing(doing: string): Failure {
  return new Failure('SourceListing', `${doing}: the answer is no listing; look for a proxy in between`);
}

function listedBlob(item: BlobItem): ListedBlob {
  const { etag, contentLength, contentMD5, lastModified } = item.properties;
  if (typeof contentLength !== 'number' || !etag)
    throw new Failure('SourceListing', `the listing tells no size or ETag of ${item.name}`);
  return {
    name: item.name,
    etag: quoted(etag),
    bytes: contentLength,
    md5: md5Text(contentMD5),
    lastModifiedMs: lastModified.getTime(),
  };
}

/** Gives an ETag as `If-Match` wants it: listings leave the quotes out, headers have them. */
export function quoted(etag: string): string {
  return /^(W\/)?"/.test(etag) ? etag : `"${etag}"`;
}

/** Gives a stored MD5 in base64, or null where there is none. */
export function md5Text(md5: Uint8Array | undefined): string | null {
  return md5 === undefined || md5.length === 0 ? null : Buffer.from(md5).toString('base64');
}
