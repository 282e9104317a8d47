import { DeleteObjectCommand, PutObjectCommand } from '../sdk/aws-s3.js';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ControlObject, ControlStore, ControlWrite, KeyPage } from '../../control/control-store.js';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import type { S3Connection } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { WriteOutcome } from '../../pipeline/publish/object-target.js';
import type { HttpClient } from '../http/http-pools.js';
import { getObject } from './requests/get-object.js';
import type { ObjectWrite } from './lean/bucket-access.js';
import { conditionalHeaders, replyOf } from './lean/write-headers.js';
import { listObjects } from './requests/list-objects.js';
import { noProof } from './answers/no-proof.js';
import { readControlObject } from './requests/read-control-object.js';
import { type NoteSecret, type S3Keys, S3Session } from './s3-client.js';
import { s3Failure } from './answers/s3-failure.js';
import { uploadStream } from './requests/upload-stream.js';
import { conditionHeaders, outcomeOfError, outcomeOfReply, type WriteReply } from './answers/write-outcome.js';

/** What an {@link S3ControlStore} is made of. */
export interface S3ControlStoreOptions {
  readonly connection: S3Connection;
  readonly bucket: string;
  readonly allowInsecureEndpoints: boolean;
  readonly keys?: S3Keys;
  /** The limit of one request; default 60 s. Control objects are small. */
  readonly timeoutMs?: number;
  /** Which client writes objects; default: our own. */
  readonly http?: HttpClient | undefined;
  /** Called with every secret that the SDK finds, so that it can be kept out of texts. */
  readonly noteSecret?: NoteSecret | undefined;
}

/** A control prefix in S3. */
export interface S3ControlStore extends ControlStore {
  /** Closes all connections. */
  close(): void;
}

// How long to wait for the next bytes of an object that is read in pieces.
const streamIdleMs = 30_000;

/** Opens a control bucket. Throws `ConfigError/Endpoint`, `ConfigError/Credential`. Makes no request. */
export function createS3ControlStore(options: S3ControlStoreOptions): S3ControlStore {
  const { bucket: Bucket, connection, allowInsecureEndpoints, timeoutMs = 60_000 } = options;
  const session = new S3Session({
    connection,
    allowInsecureEndpoints,
    owner: `control ${Bucket}`,
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    http: options.http,
    noteSecret: options.noteSecret,
  });
  const put = (
    key: string,
    bytes: Uint8Array,
    condition: { IfNoneMatch?: string; IfMatch?: string },
    signal: AbortSignal,
  ) => {
    const limits = { signal, timeoutMs };
    return session.write<WriteReply>(
      Bucket,
      async (access) => replyOf(await access.write(leanPut(key, bytes, condition), limits)),
      (client, abortSignal) => client.send(putCommand(Bucket, key, bytes, condition), { abortSignal }),
      limits,
    );
  };
  const ask = async <T>(doing: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw ofControlBucket(s3Failure(error, { doing, bucket: Bucket }), Bucket);
    }
  };

  return {
    read: (key, maxBytes, signal): Promise<ControlObject | undefined> =>
      ask(`read ${key}`, signal, () =>
        readControlObject(session, { bucket: Bucket, key, maxBytes, signal, timeoutMs }),
      ),

    async write(key, bytes, condition, signal): Promise<ControlWrite> {
      const wanted =
        condition === 'absent' ? { kind: 'absent' as const } : { kind: 'etag' as const, etag: condition.etag };
      try {
        const reply = await put(key, bytes, conditionHeaders(wanted), signal);
        return controlWriteOf(outcomeOfReply(reply), Bucket);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const write = { doing: `write ${key}`, bucket: Bucket, condition: wanted, completes: false };
        return await ask(write.doing, signal, async () => controlWriteOf(outcomeOfError(error, write), Bucket));
      }
    },

    overwrite: (key, bytes, signal) =>
      ask(`write ${key}`, signal, async () => {
        const reply = await put(key, bytes, {}, signal);
        if (reply.ETag === undefined) throw noProof(`write ${key}`, Bucket, 'no ETag');
      }),

    overwriteStream: (object, signal) => uploadStream(session, { ...object, bucket: Bucket, timeoutMs }, signal),

    readStream: (key, signal) => getObject(session, { bucket: Bucket, key, signal, timeoutMs, idleMs: streamIdleMs }),

    listPage: (prefix, after, signal): Promise<KeyPage> =>
      ask(`list ${prefix}`, signal, async () => {
        const { objects, ...rest } = await listObjects(session, { bucket: Bucket, prefix, after, signal, timeoutMs });
        return { keys: objects.map(({ key }) => key), ...rest };
      }),

    delete: (key, signal) =>
      ask(`delete ${key}`, signal, async () => {
        await session.send(
          (client, abortSignal) => client.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal }),
          { signal, timeoutMs },
        );
      }),

    close() {
      session.close();
    },
  };
}

function controlWriteOf(outcome: WriteOutcome, bucket: string): ControlWrite {
  if (outcome.state === 'stored') return { state: 'written', etag: outcome.etag };
  if (outcome.state !== 'unknown') return { state: 'refused' };
  const { cause } = outcome;
  return { state: 'unknown', cause: cause instanceof Failure ? ofControlBucket(cause, bucket) : cause };
}

/** Names the control bucket in a failure of its store. A damaged object is its own fault and stays as it is. */
function ofControlBucket(failure: Failure, bucket: string): Failure {
  const { failureClass, message, context, row } = failure;
  if (row.scope !== 'target') return failure;
  return new Failure(failureClass, message, { ...context, what: `control ${bucket}` });
}

/** What {@link putCommand} sends. */
function leanPut(key: string, body: Uint8Array, condition: Parameters<typeof conditionalHeaders>[0]): ObjectWrite {
  const sums = {
    'content-md5': createHash('md5').update(body).digest('base64'),
    'x-amz-checksum-crc32': crc32Base64(crc32(body)),
  };
  const headers = { 'content-type': 'application/octet-stream', ...sums, ...conditionalHeaders(condition) };
  return { key, body, headers };
}

// Of the default storage class and without tags: control objects are read and replaced all the time.
function putCommand(
  Bucket: string,
  Key: string,
  bytes: Uint8Array,
  condition: { IfNoneMatch?: string; IfMatch?: string },
): PutObjectCommand {
  return new PutObjectCommand({
    Bucket,
    Key,
    Body: bytes,
    ContentLength: bytes.length,
    ContentMD5: createHash('md5').update(bytes).digest('base64'),
    ChecksumCRC32: crc32Base64(crc32(bytes)),
    ...condition,
  });
}
