import { Failure } from '../../domain/failure.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobName, ListedBlob } from '../../pipeline/source/blob-source.js';
import { withTimeout } from '../request/idle-scope.js';
import type { AzureAccount } from './azure-account.js';
import { azureFailure, describeAzureError } from './azure-failures.js';
import { requireAddressable } from './azure-names.js';
import { md5Text, quoted } from './list-blobs.js';

/** Asks for a blob's properties; undefined where the blob, but not its container, is missing. */
export async function headBlob(
  account: AzureAccount,
  blob: BlobName,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ListedBlob | undefined> {
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
    const { etag, contentLength, contentMD5, lastModified } = properties;
    if (etag === undefined || contentLength === undefined || lastModified === undefined)
      throw new Failure('SourceProtocol', `${request.doing}: the answer tells no size or ETag`);
    return {
      name: blob.name,
      etag: quoted(etag),
      bytes: contentLength,
      md5: md5Text(contentMD5),
      lastModifiedMs: lastModified.getTime(),
    };
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const { status, code = '' } = describeAzureError(error);
    if (status === 404 && !code.startsWith('Container')) return undefined;
    throw azureFailure(error, request);
  }
}
