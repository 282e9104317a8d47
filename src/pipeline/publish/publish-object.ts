import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { Failure } from '../../domain/failure.js';
import type { Part } from '../pack/cut-parts.js';
import { continueUpload, startUpload } from './multipart-upload.js';
import { identityMetadata } from './object-identity.js';
import type { PublishedObject, PublishRequest } from './publish-request.js';
import { settleWrite } from './settle-write.js';

/**
 * Publishes a unit's parts as one object: a single part with one put, more with a multipart upload, started or
 * continued.
 */
export async function publishObject(
  parts: AsyncGenerator<Part>,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishedObject> {
  const { resume } = request.upload;
  try {
    if (resume !== undefined) return await continueUpload(parts, request, resume, signal);
    const first = await parts.next();
    if (first.done === true) throw new Failure('InternalPlanError', `${request.unit.key}: there is nothing to put`);
    return first.value.last
      ? await putObject(first.value, request, signal)
      : await startUpload(first.value, parts, request, signal);
  } finally {
    await parts.return(undefined); // Ends the stages before it if publishing failed.
  }
}

async function putObject({ body }: Part, request: PublishRequest, signal: AbortSignal): Promise<PublishedObject> {
  const { unit, identity, target } = request;
  const raw = request.rawProof();
  await request.storeFindings(raw);
  const object = { bytes: body.length, crc32: crc32Base64(crc32(body)) };
  const put = { key: unit.key, body, crc32: object.crc32, metadata: identityMetadata(identity, { object, raw }) };
  const settled = await settleWrite(
    { ...request, object, parts: 1, body, write: (condition) => target.put({ ...put, condition }, signal) },
    signal,
  );
  return { ...settled, bytes: body.length, raw };
}
