import type { BlobItem, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { Failure } from '../../../domain/failure.js';
import type { BlobPlace, ListedBlob } from '../../../pipeline/source/blob-source.js';
import { AnswerTooLarge } from '../../request/answer-too-large.js';
import { withTimeout } from '../../request/idle-scope.js';
import type { AzureAccount } from '../azure-account.js';
import { azureFailureClass } from '../azure-failure-class.js';
import { azureFailure } from '../azure-failure.js';
import { isDirectoryMarker, md5Text, quotedEtag } from '../blob-properties.js';

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
  const doing = `list ${place.account}/${place.container}/${place.prefix}`;
  try {
    const page = await askForPage(account, place, { ...request, metadata: false }, doing);
    const items = await withoutDirectories(page, () =>
      askForPage(account, place, { ...request, metadata: true }, doing),
    );
    return {
      blobs: items.map((item) => listedBlob(item, place.prefix, doing)),
      // Azure ends a listing with an empty marker.
      marker: page.continuationToken === '' ? undefined : page.continuationToken,
    };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (error instanceof Failure || error instanceof AnswerTooLarge) throw error;
    const failure = azureFailure(error, { doing, account: place.account });
    if (azureFailureClass(error) !== 'SourceProtocol') throw failure;
    throw new Failure('SourceListing', failure.message, failure.context);
  }
}

function askForPage(
  account: AzureAccount,
  place: BlobPlace,
  request: PageRequest & { readonly metadata: boolean },
  doing: string,
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
        if (page.done === true) throw notAListing(doing);
        return requireListing(page.value, doing);
      }),
    request,
  );
}

// The page of a proxy may parse as a listing without blobs: that must never pass for "no blobs".
function requireListing(
  page: ContainerListBlobFlatSegmentResponse,
  doing: string,
): ContainerListBlobFlatSegmentResponse {
  const items: unknown = (page.segment as { blobItems?: unknown } | undefined)?.blobItems;
  if (!Array.isArray(items) || typeof page.serviceEndpoint !== 'string') throw notAListing(doing);
  return page;
}

function notAListing(doing: string): Failure {
  return new Failure('SourceListing', `${doing}: the answer is not a listing; look for a proxy in between`);
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

function listedBlob(item: BlobItem, prefix: string, doing: string): ListedBlob {
  const { name, properties } = item;
  if (typeof name !== 'string' || name.length > nameLengthMax || !name.startsWith(prefix))
    throw new Failure('SourceListing', `${doing}: it holds a name that does not begin with the prefix, or is too long`);
  const { etag, contentLength, contentMD5 } = properties;
  // The SDK's type promises a date.
  const lastModifiedMs = (properties.lastModified as Date | undefined)?.getTime() ?? Number.NaN;
  if (!Number.isSafeInteger(contentLength) || !etag || Number.isNaN(lastModifiedMs))
    throw new Failure('SourceListing', `${doing}: it gives no size, ETag or date for ${name}`);
  return { name, etag: quotedEtag(etag), bytes: contentLength ?? 0, md5: md5Text(contentMD5), lastModifiedMs };
}
