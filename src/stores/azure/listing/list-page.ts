import type { BlobServiceClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { Failure } from '../../../domain/failure.js';
import type { BlobPlace, ListedBlob } from '../../../pipeline/source/blob-source.js';
import { AnswerTooLarge } from '../../request/answer-too-large.js';
import { withTimeout } from '../../request/idle-scope.js';
import type { AzureAccount } from '../azure-account.js';
import { azureFailureClass } from '../azure-failure-class.js';
import { azureFailure, type AzureRequest } from '../azure-failure.js';
import { isDirectoryMarker, md5Text, quotedEtag } from '../blob-properties.js';
import { listingFailure, notAListing } from './listing-failure.js';
import { answerBytesMax as pageBytesMax } from '../bounded-answers.js';
import type { AzureAccess } from '../lean/azure-access.js';
import { type ScannedBlob, type ScannedPage, scanPage } from './scan-page.js';

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
    const page = await account.leanRequest(
      (access) => readPage(access, place, request, listing),
      async (service) => pageOfSdk(await askForPage(service, place, { ...request, metadata: false }, listing)),
    );
    const blobs = await withoutDirectories(page.blobs, () =>
      account.request((service) => askForPage(service, place, { ...request, metadata: true }, listing)),
    );
    // Azure ends a listing with an empty marker.
    return { blobs: blobs.map((blob) => listedBlob(blob, place.prefix, listing)), marker: page.marker || undefined };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (error instanceof Failure || error instanceof AnswerTooLarge) throw error;
    const failure = azureFailure(error, listing);
    if (azureFailureClass(error) !== 'SourceProtocol') throw failure;
    throw new Failure('SourceListing', failure.message, failure.context);
  }
}

async function readPage(
  access: AzureAccess,
  place: BlobPlace,
  { signal, timeoutMs, pageBlobs, marker }: PageRequest,
  listing: AzureRequest,
): Promise<ScannedPage> {
  const query: (readonly [string, string])[] = [['comp', 'list']];
  if (marker !== undefined) query.push(['marker', marker]);
  query.push(['maxresults', String(pageBlobs)]);
  if (place.prefix !== '') query.push(['prefix', place.prefix]);
  query.push(['restype', 'container']);
  const answer = await access.read(
    { container: place.container, query },
    { signal, timeoutMs, bytesMax: pageBytesMax },
  );
  if (answer.broken !== undefined) throw answer.broken.reason;
  const page = scanPage(Buffer.concat(answer.pieces).toString('utf8'));
  if (page === undefined) throw notAListing(listing);
  return page;
}

function askForPage(
  service: BlobServiceClient,
  place: BlobPlace,
  request: PageRequest & { readonly metadata: boolean },
  listing: AzureRequest,
): Promise<ContainerListBlobFlatSegmentResponse> {
  return withTimeout(async (signal) => {
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
  }, request);
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

/** Reads from the SDK's page what {@link scanPage} finds. */
function pageOfSdk(page: ContainerListBlobFlatSegmentResponse): ScannedPage {
  const items = page.segment.blobItems;
  const types = resourceTypes(page._response.bodyAsText);
  const blobs = items.map(({ name, properties }, index): ScannedBlob => {
    const { etag, contentLength: bytes, contentMD5 } = properties;
    // The SDK's type promises a date.
    const lastModifiedMs = (properties.lastModified as Date | undefined)?.getTime() ?? Number.NaN;
    const type = types.length === items.length ? types[index] : undefined;
    return { name, etag, bytes, md5: md5Text(contentMD5) ?? undefined, lastModifiedMs, type };
  });
  return { blobs, marker: page.continuationToken ?? '' };
}

/**
 * A hierarchical namespace names each item's type. Elsewhere only metadata distinguishes a folder's marker from an
 * empty blob, and it is asked for only if a page holds an empty blob: metadata makes pages larger, and few pages have
 * one.
 */
async function withoutDirectories(
  blobs: readonly ScannedBlob[],
  askWithMetadata: () => Promise<ContainerListBlobFlatSegmentResponse>,
): Promise<readonly ScannedBlob[]> {
  if (blobs.some(({ type }) => type !== undefined)) return blobs.filter(({ type }) => type !== 'directory');
  if (!blobs.some(({ bytes }) => bytes === 0)) return blobs;
  const page = await askWithMetadata();
  const items = page.segment.blobItems;
  return pageOfSdk(page).blobs.filter(({ bytes }, index) => !isDirectoryMarker(bytes, items[index]?.metadata));
}

/** Reads each item's type from the text of a page: the SDK drops it. */
function resourceTypes(text: string): readonly (string | undefined)[] {
  if (!text.includes('<ResourceType>')) return [];
  const [, ...items] = text.split('<Blob>');
  return items.map((item) => /<ResourceType>([a-z]+)<\/ResourceType>/.exec(item)?.[1]);
}

// Azure's own limit is 1,024 characters.
const nameLengthMax = 2_048;

function listedBlob(
  { name, etag, bytes, md5, lastModifiedMs }: ScannedBlob,
  prefix: string,
  listing: AzureRequest,
): ListedBlob {
  // The SDK's type promises a name.
  if (typeof name !== 'string' || name.length > nameLengthMax || !name.startsWith(prefix))
    throw listingFailure(listing, 'it holds a name that does not begin with the prefix, or is too long');
  if (bytes === undefined || !Number.isSafeInteger(bytes) || !etag || Number.isNaN(lastModifiedMs))
    throw listingFailure(listing, `it gives no size, ETag or date for ${name}`);
  return {
    name: ownText(name),
    etag: ownText(quotedEtag(etag)),
    bytes,
    md5: md5 === undefined ? null : Buffer.from(md5, 'base64').toString('base64'),
    lastModifiedMs,
  };
}

/** Returns a copy, because a part of a page's text keeps all of that in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}
