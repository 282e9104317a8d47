import { GetObjectCommand } from '../../sdk/aws-s3.js';
import { Readable } from 'node:stream';
import type { ControlObject } from '../../../control/control-store.js';
import { Failure } from '../../../domain/failure.js';
import type { S3Session } from '../s3-client.js';
import { isAbsent } from '../answers/s3-error.js';

/** Which object to read, and how much of it may be held. */
export interface ReadControlObject {
  readonly bucket: string;
  readonly key: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Returns a small object as a whole; undefined if there is none. Its length must be the announced one. An object larger
 * than `maxBytes` is a `LedgerMismatch`, and its rest is not received.
 */
export async function readControlObject(
  session: S3Session,
  request: ReadControlObject,
): Promise<ControlObject | undefined> {
  const { bucket, key, signal } = request;
  try {
    const { answer, bytes } = await session.send(async (client, abortSignal) => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
      return { answer, bytes: await readBounded(answer.Body, answer.ContentLength ?? 0, request) };
    }, request);
    if (bytes === undefined || answer.ETag === undefined || bytes.length !== answer.ContentLength)
      throw new Failure('TargetNetwork', `read ${key} in bucket ${bucket}: the answer is not whole`);
    return { bytes, etag: answer.ETag };
  } catch (error) {
    if (!signal.aborted && isAbsent(error)) return undefined;
    throw error;
  }
}

async function readBounded(
  body: unknown,
  announcedBytes: number,
  { key, maxBytes }: ReadControlObject,
): Promise<Uint8Array | undefined> {
  if (!(body instanceof Readable)) return undefined;
  const pieces: Uint8Array[] = [];
  let received = 0;
  try {
    if (announcedBytes > maxBytes) throw tooLarge(key, maxBytes);
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      received += piece.length;
      // More than was announced: the server lies about the length.
      if (received > maxBytes) throw tooLarge(key, maxBytes);
      pieces.push(piece);
    }
  } finally {
    // An unread body would keep its connection forever.
    body.destroy();
  }
  return Buffer.concat(pieces);
}

function tooLarge(key: string, maxBytes: number): Failure {
  return new Failure(
    'LedgerMismatch',
    `${key} in the control bucket is damaged: it has more than ${String(maxBytes)} bytes`,
  );
}
