import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { Failure, toFailure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget } from '../../pipeline/publish/object-target.js';
import { withUpload } from './small-upload.js';

/** Checks that the store refuses a put whose CRC-32 is not that of its body, and keeps nothing of it. */
export async function probePutChecksum(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  const put = { key, body, crc32: wrongSum, metadata: {}, condition: { kind: 'absent' } } as const;
  await mustRefuse('a put', () => target.put(put, signal), signal);
  const left = await tryAgain(() => target.head(key, signal), signal);
  if (left !== undefined) throw accepted('a put');
}

/** Checks that the store refuses a part whose CRC-32 is not that of its body. */
export async function probePartChecksum(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  await withUpload(target, { key, signal }, ({ uploadId }) =>
    mustRefuse('a part', () => target.uploadPart({ key, uploadId, number: 1, body, crc32: wrongSum }, signal), signal),
  );
}

/** Checks that the store refuses to complete an upload whose CRC-32 is not that of the whole object. */
export async function probeCompleteChecksum(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  const outcome = await withUpload(target, { key, signal }, async (upload) => {
    const part = await upload.send(1, body);
    return upload.complete({ parts: [part], bytes: body, condition: { kind: 'none' }, crc32: wrongSum });
  });
  if (outcome.state === 'stored') throw accepted('an upload');
  const left = await tryAgain(() => target.head(key, signal), signal);
  if (left !== undefined) throw accepted('an upload');
}

const body = Buffer.from('Longhaul sends this with a wrong checksum, and the store must refuse it.\n');
const wrongSum = crc32Base64(crc32('something else'));

/** Tries a request that the store must refuse because of its sum. Whatever else it answers is passed on. */
async function mustRefuse(what: string, request: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  const isRefused = await tryAgain(async () => {
    try {
      await request();
      return false;
    } catch (error) {
      if (!isRefusalOfSum(error)) throw error;
      return true;
    }
  }, signal);
  if (!isRefused) throw accepted(what);
}

/** Stores have several names for a wrong sum, and one calls it an invalid request. */
function isRefusalOfSum(error: unknown): boolean {
  const { failureClass, status } = toFailure(error);
  return failureClass === 'TargetIntegrity' || (failureClass === 'TargetRefused' && status === 400);
}

function accepted(what: string): Failure {
  return new Failure('TargetCapability', `the store accepts ${what} whose CRC-32 is wrong`);
}
