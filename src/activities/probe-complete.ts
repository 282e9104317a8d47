import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { controlKeys } from '../control/control-keys.js';
import type { ControlPrefix } from '../control/control-prefix.js';
import { deleteObject, overwriteObject, readObject } from '../control/stored-object.js';
import { crc32Base64 } from '../domain/text/crc32-base64.js';
import { Failure } from '../domain/failure.js';
import { tryAgain } from '../flow/try-again.js';
import type { ObjectTarget, StoredPart, WriteCondition, WriteOutcome } from '../pipeline/publish/object-target.js';

/** The calls of a target that publish an object in parts. */
export type UploadCalls = Pick<ObjectTarget, 'createUpload' | 'uploadPart' | 'completeUpload' | 'abortUpload'>;

/**
 * Finds out whether Complete honours `If-None-Match: *`, by completing an upload of one small part over an object below
 * the control prefix. What lies there afterwards is the verdict, whatever the store answers: fails with
 * `TargetCapability` where it was replaced.
 */
export async function probeComplete(
  { control, base }: ControlPrefix,
  target: UploadCalls,
  signal: AbortSignal,
): Promise<void> {
  const key = controlKeys.probe(base, randomUUID());
  try {
    await overwriteObject(control, { key, bytes: original }, signal);
    const outcome = await completeOnce(target, { key, condition: { kind: 'absent' } }, signal);
    const left = await readObject(control, { key, maxBytes: original.length }, signal);
    const isOriginal = left !== undefined && Buffer.compare(left.bytes, original) === 0;
    if (!isOriginal || outcome.state === 'stored')
      throw new Failure('TargetCapability', 'the store completes an upload whose If-None-Match does not hold');
  } finally {
    await deleteObject(control, key, AbortSignal.timeout(tidyPatienceMs));
  }
}

/**
 * Finds out whether Complete honours `If-Match` in a bucket where nothing may be written to stay: nobody has this key,
 * so no ETag can match. Fails with `TargetCapability`, and leaves the object, where the store completes the upload.
 */
export async function probeCompleteOfNothing(target: UploadCalls, key: string, signal: AbortSignal): Promise<void> {
  const outcome = await completeOnce(target, { key, condition: { kind: 'etag', etag: noSuchEtag } }, signal);
  if (outcome.state !== 'stored') return;
  throw new Failure('TargetCapability', `the target completed ${key} although its If-Match could not hold; delete it`);
}

/** An ETag that no object has. */
export const noSuchEtag = '"00000000000000000000000000000000"';

const original = Buffer.from('Longhaul probes the completion of uploads here and deletes this object again.\n');
const replacement = Buffer.from('x');
const tidyPatienceMs = 10_000;

/** Uploads one part, completes the upload on a condition that does not hold, and aborts what is left of it. */
async function completeOnce(
  target: UploadCalls,
  { key, condition }: { readonly key: string; readonly condition: WriteCondition },
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const checksum = crc32Base64(crc32(replacement));
  const { uploadId } = await tryAgain(() => target.createUpload(key, {}, signal), signal);
  try {
    const part: StoredPart = await tryAgain(
      () => target.uploadPart({ key, uploadId, number: 1, body: replacement, crc32: checksum }, signal),
      signal,
    );
    const request = { key, uploadId, parts: [part], crc32: checksum, bytes: replacement.length, condition };
    return await tryAgain(async () => {
      const outcome = await target.completeUpload(request, signal);
      // Neither a lost reply nor another writer's race says whether the condition counts.
      if (outcome.state !== 'unknown' && outcome.state !== 'race') return outcome;
      throw new Failure('TargetUnknownOutcome', `${key}: the outcome of completing a probe is not known`);
    }, signal);
  } finally {
    const patience = AbortSignal.timeout(tidyPatienceMs);
    await tryAgain(() => target.abortUpload(key, uploadId, patience), patience);
  }
}
