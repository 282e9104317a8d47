import { ListPartsCommand } from '@aws-sdk/client-s3';
import type { ListedPart } from '../../pipeline/publish/object-target.js';
import type { S3Session } from './s3-client.js';
import { describeS3Error } from './s3-failures.js';

/** Lists all parts of an upload, page after page; undefined where the upload is no more. */
export async function listParts(
  session: S3Session,
  upload: { readonly bucket: string; readonly key: string; readonly uploadId: string },
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<readonly ListedPart[] | undefined> {
  const { bucket: Bucket, key: Key, uploadId: UploadId } = upload;
  const parts: ListedPart[] = [];
  let marker: string | undefined;
  try {
    do {
      const command = new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: marker });
      const page = await session.send((client, abortSignal) => client.send(command, { abortSignal }), limits);
      for (const { PartNumber: number, ETag: etag, Size: bytes } of page.Parts ?? []) {
        if (number !== undefined && etag !== undefined && bytes !== undefined)
          parts.push({ number, etag: quoted(etag), bytes });
      }
      const next = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
      // A store that names the same marker again would be asked for ever.
      marker = next === marker ? undefined : next;
    } while (marker !== undefined);
    return parts;
  } catch (error) {
    if (!limits.signal.aborted && describeS3Error(error).code === 'NoSuchUpload') return undefined;
    throw error;
  }
}

/** Some stores list ETags without the quotes that they gave with the part. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
