import { Failure } from '../../../domain/failure.js';
import type { WriteCondition, WriteOutcome } from '../../../pipeline/publish/object-target.js';
import { describeS3Error } from './s3-error.js';
import { s3Failure, type S3Request } from './s3-failure.js';
import { s3Verdict } from './s3-verdict.js';

/** The proof in a reply that a write took effect. */
export interface WriteReply {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
}

/** Returns what the reply to a write proves: without an ETag nothing, whatever its status. */
export function outcomeOfReply(reply: WriteReply): WriteOutcome {
  if (reply.ETag === undefined || reply.ETag === '')
    return { state: 'unknown', cause: new Error('the reply of the store holds no ETag') };
  return {
    state: 'stored',
    etag: reply.ETag,
    ...(reply.VersionId === undefined ? {} : { versionId: reply.VersionId }),
    ...(reply.ChecksumCRC32 === undefined ? {} : { crc32: reply.ChecksumCRC32 }),
  };
}

/**
 * Returns what the error of a conditional write proves. Throws a `Failure` only if the write surely did not take
 * effect. `completes`: the write completes a multipart upload, whose error may follow a status of 200.
 */
export function outcomeOfError(
  error: unknown,
  write: S3Request & { readonly condition: WriteCondition; readonly completes: boolean },
): WriteOutcome {
  const seen = describeS3Error(error);
  const { failureClass, harmless } = s3Verdict(error, seen);
  const failure = s3Failure(error, write);
  if (!harmless) return { state: 'unknown', cause: failure };
  // The SDK gives an error inside a 200 the status 503: then nothing is known, unless its code rules out that the
  // write took effect.
  const refused = failureClass === 'TargetFull' || failureClass === 'TargetRefused';
  if (write.completes && (seen.status ?? 0) >= 500 && !refused) return { state: 'unknown', cause: failure };
  if (failureClass === 'TargetUploadGone') return { state: 'gone' };
  if (seen.status === 412) return { state: 'refused' };
  if (seen.status === 409 && failureClass === 'TargetRace') return { state: 'race' };
  if (seen.code === 'NoSuchKey' && write.condition.kind === 'etag') return { state: 'refused' };
  // A sum or a size is not that of the parts.
  if (write.completes && seen.code === 'InvalidRequest')
    throw new Failure('TargetIntegrity', failure.message, { cause: failure.cause, what: `target ${write.bucket}` });
  throw failure;
}

/** Returns the headers of a condition. */
export function conditionHeaders(condition: WriteCondition): { IfNoneMatch?: string; IfMatch?: string } {
  switch (condition.kind) {
    case 'absent':
      return { IfNoneMatch: '*' };
    case 'etag':
      return { IfMatch: condition.etag };
    case 'none':
      return {};
  }
}
