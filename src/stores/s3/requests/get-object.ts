import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '../../sdk/aws-s3.js';
import { Readable } from 'node:stream';
import { Failure } from '../../../domain/failure.js';
import { IdleScope } from '../../request/idle-scope.js';
import { readBody } from '../../request/read-body.js';
import type { S3Session } from '../s3-client.js';
import { describeS3Error } from '../answers/s3-error.js';
import { s3Failure } from '../answers/s3-failure.js';

/** Which version of which object to read. */
export interface GetObjectRequest {
  readonly bucket: string;
  readonly key: string;
  /** Default: the version that is there. */
  readonly etag?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly idleMs: number;
}

/**
 * Yields the bytes of an object whose ETag is still the given one, else throws `TargetRace`; checks the length. The
 * body is always read to its end or destroyed, because an unread one would hold its connection forever.
 */
export async function* getObject(session: S3Session, request: GetObjectRequest): AsyncGenerator<Uint8Array> {
  const { bucket, key, signal } = request;
  const doing = `read ${key}`;
  const scope = new IdleScope(signal);
  let received = 0;
  try {
    const answer = await scope.wait(open(session, request, scope.signal), request.timeoutMs);
    const body = requireBody(answer, doing, bucket);
    for await (const piece of readBody(body, scope, request)) {
      received += piece.length;
      yield piece;
    }
    if (received !== answer.ContentLength)
      throw new Failure(
        'TargetNetwork',
        `${doing} in bucket ${bucket}: ${received} of ${answer.ContentLength ?? 0} bytes arrived`,
        {
          what: `target ${bucket}`,
        },
      );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { status, code } = describeS3Error(error);
    if (status === 412 || code === 'NoSuchKey')
      throw new Failure('TargetRace', `${doing} in bucket ${bucket}: it was replaced or deleted in the meantime`);
    throw s3Failure(error, { doing, bucket });
  } finally {
    scope.end();
  }
}

function open(
  session: S3Session,
  { bucket, key, etag }: GetObjectRequest,
  abortSignal: AbortSignal,
): Promise<GetObjectCommandOutput> {
  return session.request((client) =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag === undefined ? {} : { IfMatch: etag }) }), {
      abortSignal,
    }),
  );
}

function requireBody(answer: GetObjectCommandOutput, doing: string, bucket: string): Readable {
  if (answer.Body instanceof Readable) return answer.Body;
  throw new Failure('TargetNetwork', `${doing} in bucket ${bucket}: the answer has no body`);
}
