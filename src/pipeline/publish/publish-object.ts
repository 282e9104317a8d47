import { crc32 } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import type { Part } from '../pack/cut-parts.js';
import type { Load, Loaded } from './publish-request.js';
import { identityMetadata } from './object-identity.js';
import { publish } from './settle-write.js';
import { crc32Base64 } from '../pack/raw-digest.js';
import { continueUpload, startUpload } from './multipart-upload.js';

/** Publishes a unit's parts as one object: a single part with one put, more with a multipart upload, begun or gone on with. */
export async function loadObject(parts: AsyncGenerator<Part>, load: Load, signal: AbortSignal): Promise<Loaded> {
  try {
    if (load.upload.resume !== undefined) return await continueUpload(parts, load, load.upload.resume, signal);
    const first = await parts.next();
    if (first.done === true) throw new Failure('InternalPlanError', `${load.unit.key}: there is nothing to put`);
    return first.value.last
      ? await putObject(first.value, load, signal)
      : await startUpload(first.value, parts, load, signal);
  } finally {
    await parts.return(undefined); // Ends the stages before it where the load failed.
  }
}

async function putObject(part: Part, load: Load, signal: AbortSignal): Promise<Loaded> {
  const { unit, identity, target } = load;
  const { body } = part;
  const raw = load.rawProof();
  await load.storeFindings(raw);
  const request = { key: unit.key, body, crc32: crc32Base64(crc32(body)), metadata: identityMetadata(identity, raw) };
  const published = await publish(
    {
      ...load,
      bytes: body.length,
      crc32: request.crc32,
      parts: 1,
      body,
      write: (condition) => target.put({ ...request, condition }, signal),
    },
    signal,
  );
  return { ...published, bytes: body.length, raw };
}
