import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '../sdk/aws-s3.js';
import type { TargetDefinition, TransformDefinition } from '../../domain/definition.js';
import type { ObjectTarget, WriteCondition, WriteOutcome } from '../../pipeline/publish/object-target.js';
import type { TargetCredential } from '../../probes/target/bucket-inspector.js';
import type { HttpClient } from '../http/http-pools.js';
import { getObject } from './requests/get-object.js';
import { headObject } from './requests/head-object.js';
import { conditionalHeaders, metadataHeaders, replyOf, settingHeaders } from './lean/write-headers.js';
import { listObjects } from './requests/list-objects.js';
import { listParts } from './requests/list-parts.js';
import { noProof } from './answers/no-proof.js';
import { mergeMetadata, planObjectSettings } from './object-settings.js';
import { objectTags } from './requests/object-tags.js';
import { type NoteSecret, type S3Keys, S3Session } from './s3-client.js';
import { describeS3Error } from './answers/s3-error.js';
import { s3Failure } from './answers/s3-failure.js';
import { sessionCredential } from './session-credential.js';
import { conditionHeaders, outcomeOfError, outcomeOfReply, type WriteReply } from './answers/write-outcome.js';

/** What an {@link S3Target} is made of. */
export interface S3TargetOptions {
  readonly target: TargetDefinition;
  /** The format of the objects, which is their content type if the target names none; default `gzip`. */
  readonly compress?: TransformDefinition['compress'];
  readonly allowInsecureEndpoints: boolean;
  readonly keys?: S3Keys;
  readonly socketsMax?: number;
  /** Which client writes objects; default: our own. */
  readonly http?: HttpClient | undefined;
  /** Called with every secret that the SDK finds, so that it can be kept out of texts. */
  readonly noteSecret?: NoteSecret | undefined;
  /** The limit of a request without a large body; default 60 s. */
  readonly timeoutMs?: number;
  /** How long to wait for the next bytes of a body; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** The limit of completing an upload, which may take minutes; default 10 min. */
  readonly completeTimeoutMs?: number;
}

/** The bucket of a migration's target objects. */
export interface S3Target extends ObjectTarget {
  /** Returns what is known about its credential. Makes no request to the bucket. */
  credential(): Promise<TargetCredential>;
  /** Closes all connections. */
  close(): void;
}

// A body may take a second more for each time this many bytes; on a slower network nothing would ever be moved.
const slowestBytesPerSecond = 64 * 1024;

/** Opens the target of a migration. Throws `ConfigError/Endpoint`, `ConfigError/Credential`. Makes no request. */
export function createS3Target(options: S3TargetOptions): S3Target {
  const { target, allowInsecureEndpoints, timeoutMs = 60_000 } = options;
  const { bucket: Bucket } = target;
  const session = new S3Session({
    connection: target,
    allowInsecureEndpoints,
    owner: `target ${Bucket}`,
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...(options.socketsMax === undefined ? {} : { socketsMax: options.socketsMax }),
    http: options.http,
    noteSecret: options.noteSecret,
  });
  const settings = planObjectSettings(target, options.compress);
  const settingsSent = settingHeaders(settings);
  const limitFor = (bytes: number): number => timeoutMs + (bytes / slowestBytesPerSecond) * 1_000;

  const ask = async <T>(doing: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw s3Failure(error, { doing, bucket: Bucket });
    }
  };
  const write = async (
    at: { readonly doing: string; readonly condition: WriteCondition; readonly completes: boolean },
    signal: AbortSignal,
    call: () => Promise<WriteReply>,
  ): Promise<WriteOutcome> => {
    try {
      return outcomeOfReply(await call());
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return outcomeOfError(error, { ...at, bucket: Bucket });
    }
  };

  return {
    credential: () => session.request(sessionCredential),

    head: (key, signal) =>
      ask(`look up ${key}`, signal, () => headObject(session, { bucket: Bucket, key, signal, timeoutMs })),

    put: ({ key: Key, body, crc32, metadata, condition }, signal) => {
      const merged = mergeMetadata(target.metadata, metadata);
      const conditions = conditionHeaders(condition);
      const limits = { signal, timeoutMs: limitFor(body.length) };
      return write({ doing: `put ${Key}`, condition, completes: false }, signal, () =>
        session.write<WriteReply>(
          Bucket,
          async (access) => {
            const headers = {
              ...settingsSent,
              ...metadataHeaders(merged),
              ...conditionalHeaders(conditions),
              'x-amz-checksum-crc32': crc32,
            };
            return replyOf(await access.write({ key: Key, body, headers }, limits));
          },
          (client, abortSignal) => {
            const sums = { ContentLength: body.length, ChecksumCRC32: crc32 };
            const put = { ...settings, Bucket, Key, Body: body, ...sums, Metadata: merged, ...conditions };
            return client.send(new PutObjectCommand(put), { abortSignal });
          },
          limits,
        ),
      );
    },

    createUpload: (Key, metadata, signal) =>
      ask(`begin the upload of ${Key}`, signal, async () => {
        const command = new CreateMultipartUploadCommand({
          ...settings,
          Bucket,
          Key,
          Metadata: mergeMetadata(target.metadata, metadata),
          // The form that all stores verify: a sum for each part, and one for the whole object.
          ChecksumAlgorithm: 'CRC32',
          ChecksumType: 'FULL_OBJECT',
        });
        const reply = await session.send((client, abortSignal) => client.send(command, { abortSignal }), {
          signal,
          timeoutMs,
        });
        if (reply.UploadId === undefined) throw noProof(`begin the upload of ${Key}`, Bucket, 'no upload id');
        return { uploadId: reply.UploadId };
      }),

    uploadPart: ({ key: Key, uploadId, number, body, crc32 }, signal) => {
      const doing = `send part ${number} of ${Key}`;
      return ask(doing, signal, async () => {
        const limits = { signal, timeoutMs: limitFor(body.length) };
        const reply = await session.write<WriteReply>(
          Bucket,
          async (access) => {
            const query = [['partNumber', String(number)] as const, ['uploadId', uploadId] as const];
            const headers = { 'content-type': 'application/octet-stream', 'x-amz-checksum-crc32': crc32 };
            return replyOf(await access.write({ key: Key, query, body, headers }, limits));
          },
          (client, abortSignal) => {
            const part = { UploadId: uploadId, PartNumber: number, Body: body, ContentLength: body.length };
            return client.send(new UploadPartCommand({ Bucket, Key, ...part, ChecksumCRC32: crc32 }), { abortSignal });
          },
          limits,
        );
        if (reply.ETag === undefined) throw noProof(doing, Bucket, 'no ETag');
        return { number, etag: reply.ETag, bytes: body.length, crc32 };
      });
    },

    completeUpload: ({ key: Key, uploadId, parts, crc32, bytes, condition }, signal) => {
      const command = new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId: uploadId,
        ChecksumCRC32: crc32,
        ChecksumType: 'FULL_OBJECT',
        MpuObjectSize: bytes,
        MultipartUpload: {
          Parts: parts.map((part) => ({ PartNumber: part.number, ETag: part.etag, ChecksumCRC32: part.crc32 })),
        },
        ...conditionHeaders(condition),
      });
      return write({ doing: `complete the upload of ${Key}`, condition, completes: true }, signal, () =>
        session.send((client, abortSignal) => client.send(command, { abortSignal }), {
          signal,
          timeoutMs: options.completeTimeoutMs ?? 10 * 60_000,
        }),
      );
    },

    listParts: (key, uploadId, signal) =>
      ask(`list the parts of ${key}`, signal, () =>
        listParts(session, { bucket: Bucket, key, uploadId }, { signal, timeoutMs }),
      ),

    abortUpload: (Key, UploadId, signal) =>
      ask(`abort the upload of ${Key}`, signal, async () => {
        try {
          await session.send(
            (client, abortSignal) =>
              client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal }),
            { signal, timeoutMs },
          );
        } catch (error) {
          if (signal.aborted || describeS3Error(error).code !== 'NoSuchUpload') throw error;
        }
      }),

    tags: (key, signal) =>
      ask(`read the tags of ${key}`, signal, () => objectTags(session, { bucket: Bucket, key, signal, timeoutMs })),

    listPage: (prefix, after, signal) =>
      ask(`list ${prefix}`, signal, () => listObjects(session, { bucket: Bucket, prefix, after, signal, timeoutMs })),

    async *get(key, etag, signal) {
      const idleMs = options.idleTimeoutMs ?? 30_000;
      yield* getObject(session, { bucket: Bucket, key, etag, signal, timeoutMs, idleMs });
    },

    close() {
      session.close();
    },
  };
}
