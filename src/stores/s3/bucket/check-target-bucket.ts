import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
} from '../../sdk/aws-s3.js';
import type { S3Connection } from '../../../domain/definition.js';
import { type S3Keys, S3Session } from '../s3-client.js';
import { describeS3Error } from '../answers/s3-error.js';
import { s3Failure } from '../answers/s3-failure.js';

/** A bucket and where it is. */
export interface BucketPlace {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly allowInsecureEndpoints: boolean;
  readonly keys?: S3Keys;
  /** Limit of one request; default 20 s. */
  readonly timeoutMs?: number;
}

/**
 * Proves that a bucket exists and that the credential may see it. Throws `TargetMissing`, `TargetAuth`,
 * `TargetForbidden`, `TargetNetwork`, `ConfigError` or `ConfigError/Endpoint`.
 */
export async function checkTargetBucket(place: BucketPlace, signal: AbortSignal): Promise<void> {
  await withSession(place, `find the bucket`, signal, async (session, options) => {
    const input = { Bucket: place.bucket };
    try {
      await session.send((client, abortSignal) => client.send(new HeadBucketCommand(input), { abortSignal }), options);
    } catch (error) {
      const { status } = describeS3Error(error);
      if (signal.aborted || (status !== 400 && status !== 403)) throw error;
      // The answer to a HEAD cannot say whether the credential is bad or lacks a permission; a listing can.
      const list = new ListObjectsV2Command({ ...input, MaxKeys: 1 });
      await session.send((client, abortSignal) => client.send(list, { abortSignal }), options);
    }
  });
}

/** Creates a bucket, or does nothing if it exists and is ours. */
export async function ensureBucket(place: BucketPlace, signal: AbortSignal): Promise<void> {
  await withSession(place, `create the bucket`, signal, async (session, options) => {
    const command = new CreateBucketCommand({ Bucket: place.bucket });
    try {
      await session.send((client, abortSignal) => client.send(command, { abortSignal }), options);
    } catch (error) {
      if (error instanceof BucketAlreadyOwnedByYou) return;
      // Stores with one tenant call their only owner's bucket "existing"; the check tells whether it is ours.
      if (!(error instanceof BucketAlreadyExists)) throw error;
      await checkTargetBucket(place, signal);
    }
  });
}

async function withSession(
  place: BucketPlace,
  doing: string,
  signal: AbortSignal,
  use: (session: S3Session, options: { signal: AbortSignal; timeoutMs: number }) => Promise<void>,
): Promise<void> {
  const { bucket, connection, allowInsecureEndpoints, keys } = place;
  const session = new S3Session({
    connection,
    allowInsecureEndpoints,
    owner: `target ${bucket}`,
    ...(keys === undefined ? {} : { keys }),
  });
  try {
    await use(session, { signal, timeoutMs: place.timeoutMs ?? 20_000 });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw s3Failure(error, { doing, bucket });
  } finally {
    session.close();
  }
}
