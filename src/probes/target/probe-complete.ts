import { randomUUID } from 'node:crypto';
import { controlKeys } from '../../control/control-keys.js';
import type { ControlPrefix } from '../../control/control-prefix.js';
import { deleteObject, overwriteObject, readObject } from '../../control/stored-object.js';
import { Failure } from '../../domain/failure.js';
import type { WriteCondition, WriteOutcome } from '../../pipeline/publish/object-target.js';
import { type UploadCalls, withUpload } from './small-upload.js';

/**
 * Finds out whether Complete honours `If-None-Match: *`, by completing an upload of one small part over an object below
 * the control prefix. What is there afterwards is the verdict, whatever the store answers: fails with
 * `TargetCapability` if it was replaced.
 */
export async function probeComplete(place: ControlPrefix, target: UploadCalls, signal: AbortSignal): Promise<void> {
  await overOriginal(place, signal, async (key) => {
    const outcome = await completeOnce(target, { key, condition: { kind: 'absent' } }, signal);
    const isOriginal = await holds(place, key, original, signal);
    if (!isOriginal || outcome.state === 'stored')
      throw new Failure('TargetCapability', 'the store completes an upload whose If-None-Match does not hold');
  });
}

/** Finds out the same about `If-Match`: with a wrong ETag first, and then with the right one. */
export async function probeCompleteIfMatch(
  place: ControlPrefix,
  target: UploadCalls,
  signal: AbortSignal,
): Promise<void> {
  await overOriginal(place, signal, async (key) => {
    const outcome = await completeOnce(target, { key, condition: { kind: 'etag', etag: noSuchEtag } }, signal);
    const present = await readObject(place.control, { key, maxBytes }, signal);
    if (present === undefined || Buffer.compare(present.bytes, original) !== 0 || outcome.state === 'stored')
      throw new Failure('TargetCapability', 'the store completes an upload whose If-Match does not hold');
    await completeOnce(target, { key, condition: { kind: 'etag', etag: present.etag } }, signal);
    if (!(await holds(place, key, replacement, signal)))
      throw new Failure('TargetCapability', 'the store refuses to complete an upload whose If-Match holds');
  });
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
const maxBytes = 1_000;
const tidyPatienceMs = 10_000;

async function overOriginal(
  { control, base }: ControlPrefix,
  signal: AbortSignal,
  probe: (key: string) => Promise<void>,
): Promise<void> {
  const key = controlKeys.probe(base, randomUUID());
  try {
    await overwriteObject(control, { key, bytes: original }, signal);
    await probe(key);
  } finally {
    await deleteObject(control, key, AbortSignal.timeout(tidyPatienceMs));
  }
}

async function holds({ control }: ControlPrefix, key: string, bytes: Buffer, signal: AbortSignal): Promise<boolean> {
  const left = await readObject(control, { key, maxBytes }, signal);
  return left !== undefined && Buffer.compare(left.bytes, bytes) === 0;
}

/** Uploads one part, completes the upload on a condition, and aborts what is left of it. */
function completeOnce(
  target: UploadCalls,
  { key, condition }: { readonly key: string; readonly condition: WriteCondition },
  signal: AbortSignal,
): Promise<WriteOutcome> {
  return withUpload(target, { key, signal }, async (upload) => {
    const part = await upload.send(1, replacement);
    const outcome = await upload.complete({ parts: [part], bytes: replacement, condition });
    if (outcome.state === 'invalid') throw outcome.failure;
    return outcome;
  });
}
