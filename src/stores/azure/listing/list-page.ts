import type { BlobItem, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { Failure } from '../../../domain/failure.js';
import type { BlobPlace, ListedBlob } from '../../../pipeline/source/blob-source.js';
import { AnswerTooLarge } from '../../request/answer-too-large.js';
import { withTimeout } from '../../request/idle-scope.js';
import type { AzureAccount } from '../azure-account.js';
import { azureFailureClass } from '../azure-failure-class.js';
import { azureFailure, type AzureRequest } from '../azure-failure.js';
import { isDirectoryMarker, md5Text, quotedEtag } from '../blob-properties.js';
import { listingFailure, notAListing } from './listing-failure.js';

/** Which page to ask for, and how. */
export interface PageRequest {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly pageBlobs: number;
  /** Where the previous page ended. */
  readonly marker?: string | undefined;
}

/** One page of a listing, without its directories. */
export interface ListedPage {
  readonly blobs: readonly ListedBlob[];
  /** Where the next page begins; undefined after the last. */
  readonly marker: string | undefined;
}

/**
 * Lists one page of the blobs below a prefix. Directories of a hierarchical namespace and empty blobs that mark a
 * folder are skipped. A page that is not a listing, or holds a name outside the prefix, is `SourceListing`; one that is
 * too large to be held rejects with {@link AnswerTooLarge}.
 */
export async function listPage(account: AzureAccount, place: BlobPlace, request: PageRequest): Promise<ListedPage> {
  const listing = { doing: `list ${place.account}/${place.container}/${place.prefix}`, account: place.account };
  try {
    const page = await askForPage(account, place, { ...request, metadata: false }, listing);
    const items = await withoutDirectories(page, () =>
      askForPage(account, place, { ...request, metadata: true }, listing),
    );
    return {
      blobs: items.map((item) => listedBlob(item, place.prefix, listing)),
      // Azure ends a listing with an empty marker.
      marker: page.continuationToken === '' ? undefined : page.continuationToken,
    };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (error instanceof Failure || error instanceof AnswerTooLarge) throw error;
    const failure = azureFailure(error, listing);
    if (azureFailureClass(error) !== 'SourceProtocol') throw failure;
    throw new Failure('SourceListing', failure.message, failure.context);
  }
}

function askForPage(
  account: AzureAccount,
  place: BlobPlace,
  request: PageRequest & { readonly metadata: boolean },
  listing: AzureRequest,
): Promise<ContainerListBlobFlatSegmentResponse> {
  return withTimeout(
    (signal) =>
      account.request(async (service) => {
        const pages = service
          .getContainerClient(place.container)
          .listBlobsFlat({ prefix: place.prefix, includeMetadata: request.metadata, abortSignal: signal })
          .byPage({
            maxPageSize: request.pageBlobs,
            ...(request.marker === undefined ? {} : { continuationToken: request.marker }),
          });
        const page = await pages.next();
        if (page.done === true) throw notAListing(listing);
        return requireListing(page.value, listing);
      }),
    request,
  );
}

// The page of a proxy may parse as a listing without blobs: that must never pass for "no blobs".
function requireListing(
  page: ContainerListBlobFlatSegmentResponse,
  listing: AzureRequest,
): ContainerListBlobFlatSegmentResponse {
  const items: unknown = (page.segment as { blobItems?: unknown } | undefined)?.blobItems;
  if (!Array.isArray(items) || typeof page.serviceEndpoint !== 'string') throw notAListing(listing);
  return page;
}

/**
 * A hierarchical namespace names each item's type. Elsewhere only metadata tells a folder's marker from an empty
 * blob, and it is asked for only if a page holds an empty blob: metadata makes pages larger, and few pages have one.
 */
async function withoutDirectories(
  page: ContainerListBlobFlatSegmentResponse,
  askWithMetadata: () => Promise<ContainerListBlobFlatSegmentResponse>,
): Promise<readonly BlobItem[]> {
  const items = page.segment.blobItems;
  const types = resourceTypes(page._response.bodyAsText);
  if (types.length === items.length && types.some((type) => type !== undefined))
    return items.filter((_item, index) => types[index] !== 'directory');
  if (!items.some(({ properties }) => properties.contentLength === 0)) return items;
  const { segment } = await askWithMetadata();
  return segment.blobItems.filter(({ properties, metadata }) => !isDirectoryMarker(properties.contentLength, metadata));
}

/** Reads each item's type from the text of a page: the SDK drops it. */
function resourceTypes(text: string): readonly (string | undefined)[] {
  if (!text.includes('<ResourceType>')) return [];
  const [, ...items] = text.split('<Blob>');
  return items.map((item) => /<ResourceType>([a-z]+)<\/ResourceType>/.exec(item)?.[1]);
}

// Azure's own limit is 1,024 characters.
const nameLengthMax = 2_048;

function listedBlob(item: BlobItem, prefix: string, listing: AzureRequest): ListedBlob {
  const { name, properties } = item;
  if (typeof name !== 'string' || name.length > nameLengthMax || !name.startsWith(prefix))
    throw listingFailure(listing, 'it holds a name that does not begin with the prefix, or is too long');
  const { etag, contentLength, contentMD5 } = properties;
  // The SDK's type promises a date.
  const lastModifiedMs = (properties.lastModified as Date | undefined)?.getTime() ?? Number.NaN;
  if (!Number.isSafeInteger(contentLength) || !etag || Number.isNaN(lastModifiedMs))
    throw listingFailure(listing, `it gives no size, ETag or date for ${name}`);
  return { name, etag: quotedEtag(etag), bytes: contentLength ?? 0, md5: md5Text(contentMD5), lastModifiedMs };
}
