import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { Failure, toFailure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import type {
  CompleteRequest,
  ObjectTarget,
  StoredPart,
  WriteCondition,
  WriteOutcome,
} from '../../pipeline/publish/object-target.js';

/** The calls of a target that publish an object in parts. */
export type UploadCalls = Pick<ObjectTarget, 'createUpload' | 'uploadPart' | 'completeUpload' | 'abortUpload'>;

/** An upload that a probe has open. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Sends a part; sends it again while its failures may pass. */
  send(number: number, body: Uint8Array): Promise<StoredPart>;
  /**
   * Completes the upload of these parts. `crc32` is that of the whole object, by default the right one. `invalid`: the
   * store refused the parts or the sum, which a probe does not try again.
   */
  complete(request: {
    readonly parts: readonly StoredPart[];
    readonly bytes: Uint8Array;
    readonly condition: WriteCondition;
    readonly crc32?: string;
  }): Promise<WriteOutcome | { readonly state: 'invalid'; readonly failure: Failure }>;
}

/** Begins an upload for as long as `use` runs, and aborts what is left of it. */
export async function withUpload<T>(
  target: UploadCalls,
  { key, signal }: { readonly key: string; readonly signal: AbortSignal },
  use: (upload: OpenUpload) => Promise<T>,
): Promise<T> {
  const { uploadId } = await tryAgain(() => target.createUpload(key, {}, signal), signal);
  try {
    return await use({
      ...{ key, uploadId },
      send: (number, body) => {
        const sum = crc32Base64(crc32(body));
        return tryAgain(() => target.uploadPart({ key, uploadId, number, body, crc32: sum }, signal), signal);
      },
      complete: ({ parts, bytes, condition, crc32: sum = crc32Base64(crc32(bytes)) }) =>
        tryAgain(async () => {
          const request = { key, uploadId, parts, crc32: sum, bytes: bytes.length, condition };
          const outcome = await completeOrInvalid(target, request, signal);
          // Neither a lost reply nor another writer's race says whether the condition counts.
          if (outcome.state !== 'unknown' && outcome.state !== 'race') return outcome;
          throw new Failure('TargetUnknownOutcome', `${key}: the outcome of completing a probe is not known`);
        }, signal),
    });
  } finally {
    const patience = AbortSignal.timeout(abortPatienceMs);
    await tryAgain(() => target.abortUpload(key, uploadId, patience), patience);
  }
}

const abortPatienceMs = 10_000;

async function completeOrInvalid(
  target: UploadCalls,
  request: CompleteRequest,
  signal: AbortSignal,
): ReturnType<OpenUpload['complete']> {
  try {
    return await target.completeUpload(request, signal);
  } catch (error) {
    const failure = toFailure(error);
    const { failureClass, status } = failure;
    const isInvalid = failureClass === 'TargetIntegrity' || failureClass === 'InternalPlanError' || status === 400;
    if (signal.aborted || !isInvalid) throw error;
    return { state: 'invalid', failure };
  }
}
