import { GetObjectTaggingCommand } from '../../sdk/aws-s3.js';
import type { S3Session } from '../s3-client.js';
import { describeS3Error } from '../answers/s3-error.js';

/** Returns the tags of an object; undefined if there is no object. */
export async function objectTags(
  session: S3Session,
  request: {
    readonly bucket: string;
    readonly key: string;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<Readonly<Record<string, string>> | undefined> {
  const { bucket, key, signal } = request;
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
  try {
    const { TagSet = [] } = await session.send((client, abortSignal) => client.send(command, { abortSignal }), request);
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { status, code } = describeS3Error(error);
    // The key is gone; a bucket that is gone fails as with every request.
    if (status === 404 && code !== 'NoSuchBucket') return undefined;
    throw error;
  }
}
