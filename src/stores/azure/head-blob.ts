import { Failure } from '../../domain/failure.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobName, ListedBlob } from '../../pipeline/source/blob-source.js';
import { withTimeout } from '../request/idle-scope.js';
import type { AzureAccount } from './azure-account.js';
import { describeAzureError } from './azure-error.js';
import { azureFailure } from './azure-failure.js';
import { requireAddressable } from './azure-names.js';
import { isDirectoryMarker, md5Text, quotedEtag } from './blob-properties.js';

/**
 * Asks for a blob's properties. Returns undefined if the blob, but not its container, is missing, and `directory`
 * for a directory of a hierarchical namespace or the marker of a folder.
 */
export async function headBlob(
  account: AzureAccount,
  blob: BlobName,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ListedBlob | 'directory' | undefined> {
  requireAddressable(blob);
  const request = { doing: `look up ${blobLabel(blob)}`, account: blob.account, blob: blobLabel(blob) };
  try {
    const properties = await withTimeout(
      (signal) =>
        account.request((service) =>
          service.getContainerClient(blob.container).getBlobClient(blob.name).getProperties({ abortSignal: signal }),
        ),
      options,
    );
    const { etag, contentLength, contentMD5, lastModified, metadata } = properties;
    if (etag === undefined || contentLength === undefined || lastModified === undefined)
      throw new Failure('SourceProtocol', `${request.doing}: the answer gives no size, ETag or date`, {
        what: `account ${blob.account}`,
        blob: request.blob,
      });
    const type = properties._response.headers.get('x-ms-resource-type');
    if (type === 'directory' || isDirectoryMarker(contentLength, metadata)) return 'directory';
    return {
      name: blob.name,
      etag: quotedEtag(etag),
      bytes: contentLength,
      md5: md5Text(contentMD5),
      lastModifiedMs: lastModified.getTime(),
    };
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const failure = azureFailure(error, request);
    const { code = '' } = describeAzureError(error);
    if (failure.failureClass === 'SourceMissing' && failure.status === 404 && !code.startsWith('Container'))
      return undefined;
    throw failure;
  }
}
