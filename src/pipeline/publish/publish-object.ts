import { crc32 } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import type { Part } from '../pack/cut-parts.js';
import type { PublishRequest, PublishedObject } from './publish-request.js';
import { identityMetadata } from './object-identity.js';
import { settleWrite } from './settle-write.js';
import { crc32Base64 } from '../../domain/crc32-base64.js';
import { continueUpload, startUpload } from './multipart-upload.js';

/** Publishes a unit's parts as one object: a single part with one put, more with a multipart upload, begun or gone on with. */
export async function publishObject(
  parts: AsyncGenerator<Part>,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishedObject> {
  try {
    if (request.upload.resume !== undefined) return await continueUpload(parts, request, request.upload.resume, signal);
    const first = await parts.next();
    if (first.done === true) throw new Failure('InternalPlanError', `${request.unit.key}: there is nothing to put`);
    return first.value.last
      ? await putObject(first.value, request, signal)
      : await startUpload(first.value, parts, request, signal);
  } finally {
    await parts.return(undefined); // Ends the stages before it where publishing failed.
  }
}

async function putObject(part: Part, request: PublishRequest, signal: AbortSignal): Promise<PublishedObject> {
  const { unit, identity, target } = request;
  const { body } = part;
  const raw = request.rawProof();
  await request.storeFindings(raw);
  const put = { key: unit.key, body, crc32: crc32Base64(crc32(body)), metadata: identityMetadata(identity, raw) };
  const published = await settleWrite(
    {
      ...request,
      bytes: body.length,
      crc32: put.crc32,
      parts: 1,
      body,
      write: (condition) => target.put({ ...put, condition }, signal),
    },
    signal,
  );
  return { ...published, bytes: body.length, raw };
}
