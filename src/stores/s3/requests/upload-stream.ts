import type { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { StreamedObject } from '../../../control/control-store.js';
import { AbortMultipartUploadCommand, Upload } from '../../sdk/aws-s3.js';
import { noProof } from '../answers/no-proof.js';
import type { S3Session } from '../s3-client.js';
import { s3Failure } from '../answers/s3-failure.js';

/** What is uploaded, and where to. */
export interface StreamUpload extends StreamedObject {
  readonly bucket: string;
  /** The limit of a request without a part. */
  readonly timeoutMs: number;
}

/** S3 accepts 10,000 parts, so that an object has at most 78 GiB. */
const partBytes = 8 * 1024 * 1024;

/** Parts in flight. One more is gathered, so that an upload holds at most 40 MiB. */
const partsAtOnce = 4;

/** What a part may take beside other requests: 64 KiB a second is as slow as a network may be. */
const partExtraMs = (partBytes / (64 * 1024)) * 1_000;

/** How long to try to remove the parts of an upload that failed; what then remains is for the bucket's rules. */
const cleanUpMs = 10_000;

/**
 * Uploads an object of unknown length, with one put if it fits into a part. Rejects with the error of the pieces, with
 * the signal's own reason, or with a `Failure`; then the parts that were sent are removed.
 */
export async function uploadStream(session: S3Session, object: StreamUpload, signal: AbortSignal): Promise<void> {
  const { bucket, key, again, timeoutMs } = object;
  let failed: { readonly reason: unknown } | undefined;
  const send: Send = async (command) => {
    // The removal of parts must not stop where the upload was stopped.
    const isCleanUp = command instanceof AbortMultipartUploadCommand;
    const limits = isCleanUp
      ? { signal: AbortSignal.timeout(cleanUpMs), timeoutMs: cleanUpMs }
      : { signal, timeoutMs: timeoutMs + partExtraMs };
    const request = async (): Promise<unknown> => {
      try {
        return await session.send((client, abortSignal) => client.send(command, { abortSignal }), limits);
      } catch (error) {
        limits.signal.throwIfAborted();
        throw s3Failure(error, { doing: `write ${key}`, bucket });
      }
    };
    try {
      return await (isCleanUp ? request() : again(request));
    } catch (error) {
      failed ??= { reason: error };
      throw error;
    }
  };

  const body = Readable.from(untilAborted(object.pieces, signal));
  try {
    const upload = new Upload({
      client: await sendingWith(session, send),
      partSize: partBytes,
      queueSize: partsAtOnce,
      // The SDK adds a sum to each part, and the store joins them to one of the object.
      params: { Bucket: bucket, Key: key, Body: body, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' },
    });
    const { ETag } = await upload.done();
    if (ETag === undefined) throw noProof(`write ${key}`, bucket, 'no ETag');
  } catch (error) {
    signal.throwIfAborted();
    // Not the failure of the removal that followed it.
    throw failed?.reason ?? error;
  } finally {
    body.destroy();
  }
}

type Command = Parameters<S3Client['send']>[0];
type Send = (command: Command) => Promise<unknown>;

/** Returns a client for the library, whose requests have the session's credentials, and our limits and retries. */
async function sendingWith(session: S3Session, send: Send): Promise<S3Client> {
  const { config } = await session.request((client) => Promise.resolve(client));
  return { config, send } as unknown as S3Client;
}

async function* untilAborted(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}
