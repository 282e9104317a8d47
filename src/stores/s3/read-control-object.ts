import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Failure } from '../../domain/failure.js';
import type { ControlObject } from '../../control/control-store.js';
import type { S3Session } from './s3-client.js';
import { isAbsent } from './s3-error.js';

/** Reads a small object as a whole; undefined where there is none. The length must be the one announced. */
export async function readControlObject(
  session: S3Session,
  request: {
    readonly bucket: string;
    readonly key: string;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<ControlObject | undefined> {
  const { bucket, key, signal } = request;
  try {
    const { answer, bytes } = await session.send(async (client, abortSignal) => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
      return { answer, bytes: await answer.Body?.transformToByteArray() };
    }, request);
    if (bytes === undefined || answer.ETag === undefined || bytes.length !== answer.ContentLength)
      throw new Failure('TargetNetwork', `read ${key} in bucket ${bucket}: the answer is not whole`);
    return { bytes, etag: answer.ETag };
  } catch (error) {
    if (!signal.aborted && isAbsent(error)) return undefined;
    throw error;
  }
}
