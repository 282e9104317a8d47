import { Failure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget, StoredPart } from '../../pipeline/publish/object-target.js';
import { type OpenUpload, withUpload } from './small-upload.js';

/**
 * Checks that the store lists the parts of an open upload as it took them, one of them sent twice, which is what an
 * upload is resumed by.
 */
export async function probeListedParts(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  await withUpload(target, { key, signal }, async (upload) => {
    const sent = [await upload.send(1, letters(1)), await upload.send(2, letters(2)), await upload.send(3, letters(3))];
    // As after a lost reply; some stores list it twice then.
    sent[1] = await upload.send(2, letters(2));
    const listed = await tryAgain(() => target.listParts(key, upload.uploadId, signal), signal);
    for (const { number, etag, bytes } of sent) {
      const isListed = listed?.some((part) => part.number === number && part.etag === etag && part.bytes === bytes);
      if (isListed === true) continue;
      throw new Failure(
        'TargetCapability',
        `the store does not list part ${String(number)} of an upload as it took it`,
      );
    }
  });
}

/** Checks that an upload is gone after it was aborted. */
export async function probeAbort(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  const uploadId = await withUpload(target, { key, signal }, async (upload) => {
    await upload.send(1, letters(1));
    return upload.uploadId;
  });
  const listed = await tryAgain(() => target.listParts(key, uploadId, signal), signal);
  // Some stores list an upload that is gone as one without parts.
  if (listed === undefined || listed.length === 0) return;
  throw new Failure('TargetCapability', 'the store keeps an upload after it was aborted');
}

/**
 * Checks that the parts of one upload may differ in size, as they do in large objects: after every 2,000 parts they
 * double.
 */
export async function probeUnevenParts(
  target: ObjectTarget,
  { key, partBytes = unevenBytes }: { readonly key: string; readonly partBytes: readonly number[] | undefined },
  signal: AbortSignal,
): Promise<void> {
  const bodies = partBytes.map(letters);
  const whole = Buffer.concat(bodies);
  const outcome = await withUpload(target, { key, signal }, async (upload) => {
    const parts: StoredPart[] = [];
    for (const [index, body] of bodies.entries()) parts.push(await upload.send(index + 1, body));
    return upload.complete({ parts, bytes: whole, condition: { kind: 'none' } });
  });
  const stored = await tryAgain(() => target.head(key, signal), signal);
  if (stored?.bytes === whole.length) return;
  const why = stored === undefined ? reason(outcome) : `the object has ${String(stored.bytes)} bytes`;
  throw new Failure('TargetCapability', `the store does not complete an upload of parts of different sizes: ${why}`);
}

function reason(outcome: Awaited<ReturnType<OpenUpload['complete']>>): string {
  return outcome.state === 'invalid' ? outcome.failure.message : `it answers "${outcome.state}"`;
}

const mebibyte = 1024 * 1024;
// S3 wants all parts but the last to have 5 MiB; the second one is larger, as a segment more would make it.
const unevenBytes = [5 * mebibyte, 6 * mebibyte, 1_000];

function letters(bytes: number): Buffer {
  return Buffer.alloc(bytes, 'Longhaul probes uploads. ');
}
