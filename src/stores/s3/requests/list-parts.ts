import { ListPartsCommand } from '../../sdk/aws-s3.js';
import type { ListedPart } from '../../../pipeline/publish/object-target.js';
import { noProof } from '../answers/no-proof.js';
import type { S3Session } from '../s3-client.js';
import { Failure } from '../../../domain/failure.js';
import { describeS3Error } from '../answers/s3-error.js';

/** Returns all parts of an upload, read page by page; undefined if the upload no longer exists. */
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
      // The page of a proxy must not pass for "no parts".
      if (page.UploadId === undefined && page.Key === undefined)
        throw noProof(`list the parts of ${upload.key}`, upload.bucket, 'no list of parts');
      for (const { PartNumber: number, ETag: etag, Size: bytes } of page.Parts ?? []) {
        if (number !== undefined && etag !== undefined && bytes !== undefined)
          parts.push({ number, etag: quoted(etag), bytes });
      }
      if (parts.length > listedPartsMax) throw tooManyParts(upload);
      const next = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
      // A store that repeats its marker would be asked forever.
      marker = next === marker ? undefined : next;
    } while (marker !== undefined);
    return parts;
  } catch (error) {
    if (!limits.signal.aborted && describeS3Error(error).code === 'NoSuchUpload') return undefined;
    throw error;
  }
}

// S3 accepts 10,000 parts; some stores list a part twice that was sent twice.
const listedPartsMax = 20_000;

function tooManyParts({ key, bucket }: { readonly key: string; readonly bucket: string }): Failure {
  const text = `list the parts of ${key} in bucket ${bucket}: the listing does not end`;
  return new Failure('TargetNetwork', text, { what: `target ${bucket}` });
}

/** Some stores list ETags without the quotes that they sent with the part. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
