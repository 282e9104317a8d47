import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { TargetHead } from '../../pipeline/publish/object-target.js';
import { noProof } from './no-proof.js';
import type { S3Session } from './s3-client.js';
import { isAbsent } from './s3-failures.js';

/** Asks what is under a key; undefined where there is nothing. */
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
    };
  } catch (error) {
    if (!signal.aborted && isAbsent(error)) return undefined;
    throw error;
  }
}
