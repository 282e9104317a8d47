import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { HeadObjectCommand } from '../../sdk/aws-s3.js';
import { Failure } from '../../../domain/failure.js';
import type { TargetHead } from '../../../pipeline/publish/object-target.js';
import { noProof } from '../answers/no-proof.js';
import type { S3Session } from '../s3-client.js';
import { describeS3Error } from '../answers/s3-error.js';
import { s3Failure } from '../answers/s3-failure.js';

/**
 * Returns what is under a key; undefined if there is nothing. A HEAD cannot tell a missing object from a missing
 * bucket.
 */
export async function headObject(
  session: S3Session,
  request: {
    readonly bucket: string;
    readonly key: string;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<TargetHead | undefined> {
  const { bucket, key, signal } = request;
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
  try {
    const reply = await session.send((client, abortSignal) => client.send(command, { abortSignal }), request);
    if (reply.ETag === undefined || reply.ContentLength === undefined)
      throw noProof(`look up ${key}`, bucket, 'no ETag or no length');
    return {
      etag: reply.ETag,
      bytes: reply.ContentLength,
      ...(reply.VersionId === undefined ? {} : { versionId: reply.VersionId }),
      ...(reply.ChecksumCRC32 === undefined ? {} : { crc32: reply.ChecksumCRC32 }),
      metadata: reply.Metadata ?? {},
      ...(reply.StorageClass === undefined ? {} : { storageClass: reply.StorageClass }),
      ...(isArchived(reply) && { isArchived: true }),
      ...(reply.ContentType === undefined ? {} : { contentType: reply.ContentType }),
      ...(reply.ContentEncoding === undefined ? {} : { contentEncoding: reply.ContentEncoding }),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { status, code } = describeS3Error(error);
    if (status === 404) return undefined;
    if (status !== 400 || code !== undefined) throw error;
    // The answer to a HEAD has no body that could name the reason; a credential that has expired or is malformed gets
    // this status.
    const { message, context } = s3Failure(error, { doing: `look up ${key}`, bucket });
    throw new Failure('TargetAuth', `${message}; most often the credential has expired`, context);
  }
}

/** An object of these classes can be read once it has been restored; intelligent tiering archives some by itself. */
function isArchived({ StorageClass, ArchiveStatus, Restore }: HeadObjectCommandOutput): boolean {
  const isInArchive = StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE' || ArchiveStatus !== undefined;
  return isInArchive && Restore?.includes('ongoing-request="false"') !== true;
}
